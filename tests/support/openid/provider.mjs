// A provider of OpenID Connect for the tests: node provider.mjs '{"port":…,"clients":[…],"people":{…}}'
// People sign in by typing their name alone; `people` maps it to claims. What the client asks for by
// `acr_values` is what the ID token says, where the person has it among `levels`.
import { Provider } from "oidc-provider";

const { port, clients, people } = JSON.parse(process.argv[2]);
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  clients,
  acrValues: ["substantial", "high"],
  claims: { openid: ["sub", "sid"], profile: ["name", "groups"], email: ["email", "email_verified"], acr: null, sid: null },
  conformIdTokenClaims: false,
  cookies: { keys: ["only for tests"] },
  features: {
    backchannelLogout: { enabled: true },
    devInteractions: { enabled: false },
    rpInitiatedLogout: { enabled: true },
  },
  // It refuses to call this very machine, where the service under test is.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  pkce: { required: () => true },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id].claims }) },
  async loadExistingGrant(ctx) {
    const grant = new provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope("openid profile email");
    await grant.save();
    return grant;
  },
});

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith("/interaction/")) return next();
  const { params } = await provider.interactionDetails(ctx.req, ctx.res);
  if (ctx.method === "GET") {
    ctx.type = "html";
    ctx.body = `<!doctype html><title>Provider</title><form method="post"><label>Name <input name="name"></label><button>Sign in</button><button name="cancel" value="1">Cancel</button></form>`;
    return;
  }
  const form = new URLSearchParams(await new Response(ctx.req).text());
  const person = people[form.get("name")];
  const wanted = (params.acr_values ?? "").split(" ").find((value) => person?.levels?.includes(value));
  const result = form.has("cancel") || !person
    ? { error: "access_denied", error_description: "The person said no" }
    : { login: { accountId: form.get("name"), acr: wanted ?? person.levels?.[0] } };
  await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
  ctx.respond = false;
});

provider.on("backchannel.error", (_, error) => console.error("logout not delivered", error));
provider.listen(port, "127.0.0.1", () => console.log("ready"));

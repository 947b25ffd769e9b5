// Puts what the pages need out of node_modules into service/static/built, under names that change
// with the content, with a manifest and the licences. Only the viewer is bundled; it is loaded by
// the pages that draw a process, and by no other.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const built = join(here, "..", "static", "built");
const packages = new Set(["@digdir/designsystemet-css", "@fontsource-variable/inter", "htmx.org"]);
const design = join(modules, "@digdir/designsystemet-css", "dist");
const inter = join(modules, "@fontsource-variable/inter", "files");
const ranges = {
  latin:
    "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329," +
    "U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD",
  "latin-ext":
    "U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+1D00-1DBF,U+1E00-1E9F," +
    "U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF",
};

rmSync(built, { recursive: true, force: true });
mkdirSync(built, { recursive: true });
const manifest = {};

function put(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const dot = name.lastIndexOf(".");
  const file = `${name.slice(0, dot)}.${hash}${name.slice(dot)}`;
  writeFileSync(join(built, file), content);
  manifest[name] = file;
  return file;
}

const faces = Object.entries(ranges).map(([subset, range]) => {
  const file = put(`inter-${subset}.woff2`, readFileSync(join(inter, `inter-${subset}-wght-normal.woff2`)));
  return `@font-face{font-family:Inter;font-style:normal;font-display:swap;font-weight:100 900;src:url(${file}) format("woff2");unicode-range:${range}}`;
});
put(
  "designsystemet.css",
  [
    ...faces,
    readFileSync(join(design, "theme", "designsystemet.css"), "utf8"),
    readFileSync(join(design, "src", "index.css"), "utf8"),
  ].join("\n"),
);
const htmx = join(modules, "htmx.org", "dist");
const withoutMap = (file) => readFileSync(file, "utf8").replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
put("htmx.js", withoutMap(join(htmx, "htmx.min.js")));
put("hx-sse.js", withoutMap(join(htmx, "ext", "hx-sse.min.js")));

const bundled = await build({
  absWorkingDir: here,
  entryPoints: ["viewer.js", "viewer.css"],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  outdir: built,
  write: false,
  metafile: true,
  legalComments: "none", // they stand in THIRD_PARTY.txt
  logLevel: "warning",
});
for (const file of bundled.outputFiles) put(basename(file.path), file.contents);
for (const path of Object.keys(bundled.metafile.inputs)) {
  const found = path.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/);
  if (found) packages.add(found[1]);
}

const licences = [...packages].sort().map((name) => {
  const folder = join(modules, name);
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = ["LICENSE", "LICENSE.md", "license"].map((each) => join(folder, each)).find(existsSync);
  const text = file ? readFileSync(file, "utf8") : "";
  return `${name} ${about.version} (${about.license})\n\n${text}`;
});
writeFileSync(join(built, "THIRD_PARTY.txt"), licences.join("\n\n---\n\n"));
writeFileSync(join(built, "manifest.json"), JSON.stringify(manifest, null, 1));
console.log(`built ${Object.keys(manifest).length} files in service/static/built`);

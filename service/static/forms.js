// Checks a form in the browser by the same rules as the server, with the same messages. The server
// checks again; this only spares a journey. Rules come with the page, made from the form itself.
"use strict";

const pivotalForms = (() => {
  const S = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
  const ENDS = new RegExp(`^[${S}]+|[${S}]+$`, "gu");
  const NOISE = new RegExp(`[${S}']|[kK][rR]\\.?|,-$|%$`, "gu");
  const NUMBER = /^[+-]?[0-9]{1,18}(\.[0-9]{1,9})?$/u;
  const NORWEGIAN = /^([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})$/u;
  const ISO = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/u;
  const CLOCK = new RegExp(`^(?:kl\\.?[${S}]*)?([0-9]{1,2})[:.]([0-9]{2})$`, "u");
  const MOMENT =
    /^([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,6})?)?(Z|([+-])([0-9]{2}):([0-9]{2}))$/u;
  const EMAIL = new RegExp(`^[^@${S}]+@[^@${S}]+\\.[^@${S}.]+$`, "u");
  const URI = new RegExp(`^https?://[^${S}/][^${S}]*$`, "u");
  const CONTROL = /[\x00-\x08\x0b-\x1f\x7f]/u;
  const SCALE = 10n ** 9n;
  const LARGEST = 10n ** 15n * SCALE;

  const strip = (text) => text.replace(ENDS, "");
  const isText = (value) => typeof value === "string";
  const isList = Array.isArray;
  const isNumber = (value) => typeof value === "bigint";
  const isGroup = (value) => value !== null && typeof value === "object" && !isList(value);

  // --- reading what was typed; numbers are exact, in billionths

  function scaled(text) {
    const [mantissa, exponent = "0"] = text.toLowerCase().split("e");
    const sign = mantissa.startsWith("-") ? -1n : 1n;
    const [whole, fraction = ""] = mantissa.replace(/^[+-]/u, "").split(".");
    const places = 9 + Number(exponent) - fraction.length;
    const digits = BigInt(whole + fraction);
    return sign * (places >= 0 ? digits * 10n ** BigInt(places) : digits / 10n ** BigInt(-places));
  }

  function number(typed) {
    const plain = strip(typed).replace(NOISE, "").replaceAll("\u2212", "-").replaceAll(",", ".");
    return NUMBER.test(plain) ? plain : null;
  }

  function parseNumber(typed) {
    const plain = number(typed);
    if (plain === null) return typed;
    const exact = scaled(plain);
    return exact % SCALE === 0n ? exact : scaled(String(Number(plain)));
  }

  function parseMoney(typed) {
    const plain = number(typed);
    if (plain === null) return typed;
    const ore = scaled(plain) * 100n;
    return ore % SCALE === 0n ? ore : typed;
  }

  function utc(year, month, day, hour = 0, minute = 0, second = 0) {
    const moment = new Date(0);
    moment.setUTCFullYear(year, month - 1, day);
    moment.setUTCHours(hour, minute, second);
    return moment;
  }

  function isDay(year, month, day) {
    if (year < 1 || month < 1 || month > 12 || day < 1) return false;
    const moment = utc(year, month, day);
    return moment.getUTCMonth() === month - 1 && moment.getUTCDate() === day;
  }

  function dayOf(typed) {
    const text = strip(typed);
    const norwegian = NORWEGIAN.exec(text);
    const iso = ISO.exec(text);
    const parts = norwegian ? [norwegian[3], norwegian[2], norwegian[1]] : iso ? iso.slice(1, 4) : null;
    if (!parts) return null;
    const [year, month, day] = parts.map(Number);
    return isDay(year, month, day) ? [year, month, day] : null;
  }

  const OSLO = new Intl.DateTimeFormat("en-GB-u-hc-h23", {
    timeZone: "Europe/Oslo", era: "short", year: "numeric", month: "numeric", day: "numeric",
    hour: "numeric", minute: "numeric", second: "numeric",
  });

  function inOslo(moment) {
    const parts = Object.fromEntries(OSLO.formatToParts(moment).map((part) => [part.type, part.value]));
    const year = parts.era.startsWith("B") ? 1 - Number(parts.year) : Number(parts.year);
    return utc(year, Number(parts.month), Number(parts.day), Number(parts.hour), Number(parts.minute), Number(parts.second));
  }

  // The years that the server's dates have.
  const inRange = (moment) => moment >= utc(1, 1, 1) && moment <= utc(9999, 12, 31, 23, 59, 59);

  function isOsloMinute(typed) {
    const text = strip(typed).replaceAll("T", " ");
    const at = text.indexOf(" ");
    const day = dayOf(at < 0 ? text : text.slice(0, at));
    const clock = CLOCK.exec(strip(at < 0 ? "" : text.slice(at + 1)));
    if (!day || !clock || Number(clock[1]) > 23 || Number(clock[2]) > 59) return false;
    const local = utc(...day, Number(clock[1]), Number(clock[2]));
    for (const guess of [local, new Date(local - 3_600_000), new Date(local - 7_200_000)]) {
      const moment = new Date(local - (inOslo(guess) - guess));
      if (inOslo(moment) - local === 0) return inRange(moment);
    }
    return false;
  }

  function isMoment(typed) {
    const found = MOMENT.exec(strip(typed));
    if (!found) return false;
    const day = dayOf(found[1]);
    const [hour, minute, second] = [found[2], found[3], found[4] ?? "0"].map(Number);
    if (!day || hour > 23 || minute > 59 || second > 59) return false;
    if (found[5] === "Z") return true;
    const [hours, minutes] = [Number(found[7]), Number(found[8])];
    if (hours > 23 || minutes > 59) return false;
    const shift = (found[6] === "-" ? 1 : -1) * (hours * 60 + minutes) * 60_000;
    return inRange(new Date(utc(...day, hour, minute, second).getTime() + shift));
  }

  const BOOLEANS = new Map([["true", true], ["on", true], ["false", false]]);

  function parse(kind, typed) {
    if (kind === "money") return parseMoney(typed);
    if (["integer", "number", "percent"].includes(kind)) return parseNumber(typed);
    if (kind === "boolean") return BOOLEANS.has(typed) ? BOOLEANS.get(typed) : typed;
    return typed;
  }

  // --- from names and values to data

  function posted(pairs) {
    const values = new Map();
    for (const [name, value] of pairs) {
      if (!values.has(name)) values.set(name, []);
      values.get(name).push(value.replaceAll("\r\n", "\n"));
    }
    return values;
  }

  function decodeGroup(group, values, prefix) {
    const data = {};
    for (const each of group.fields) {
      const value = read(each, values, prefix + each.name);
      if (value !== undefined) data[each.name] = value;
    }
    return data;
  }

  const filled = (values, name) => (values.get(name) ?? []).filter((value) => strip(value));

  function read(each, values, name) {
    if (each.kind === "group") {
      const data = decodeGroup(each, values, `${name}.`);
      return Object.keys(data).length ? data : undefined;
    }
    if (each.ticked) return some(filled(values, name));
    if (each.kind === "list") return decodeRows(each.item, values, name);
    const typed = values.get(name)?.at(-1) ?? "";
    return strip(typed) ? parse(each.kind, typed) : undefined;
  }

  const some = (list) => (list.length ? list : undefined);

  function decodeRows(item, values, name) {
    if (item.kind === "file") return some(filled(values, name));
    const start = `${name}.`;
    const numbers = new Set();
    for (const key of values.keys()) {
      const found = key.startsWith(start) && /^([0-9]{1,4})(?:\.|$)/u.exec(key.slice(start.length));
      if (found) numbers.add(Number(found[1]));
    }
    const rows = [...numbers].sort((a, b) => a - b).map((index) => {
      if (item.kind === "group") return decodeGroup(item, values, `${name}.${index}.`);
      const typed = values.get(`${name}.${index}`)?.at(-1) ?? "";
      return strip(typed) ? parse(item.kind, typed) : "";
    });
    return some(rows.filter((row) => !isBlankRow(typedPart(item, row))));
  }

  // What the platform worked out does not make a row filled in.
  function typedPart(item, row) {
    if (!isGroup(row)) return row;
    const computed = new Set(item.fields.filter((each) => each.computed).map((each) => each.name));
    return Object.fromEntries(Object.entries(row).filter(([name]) => !computed.has(name)));
  }

  // --- which fields are part of the form

  const isBlank = (value) => value === undefined || value === null || (isText(value) && !strip(value)) || (isList(value) && !value.length);

  function isBlankRow(row) {
    if (isGroup(row)) return Object.values(row).every((value) => value === false || isBlankRow(value));
    return isBlank(row);
  }

  function same(value, option) {
    return isNumber(value) ? typeof option === "number" && value === scaled(String(option)) : value === option;
  }

  function oneOf(value, allowed, emptyHolds) {
    if (isBlank(value)) return emptyHolds || allowed.includes(false);
    return (isList(value) ? value : [value]).some((each) => allowed.some((option) => same(each, option)));
  }

  const own = (level, name) => (Object.hasOwn(level, name) ? level[name] : undefined);

  function holds(condition, level, top) {
    return Object.entries(condition.values).every(([name, allowed]) =>
      oneOf(Object.hasOwn(level, name) ? level[name] : own(top, name), allowed, condition.vacuous.includes(name)));
  }

  const isShown = (each, level, top) => !each.showIf || holds(each.showIf, level, top);

  function withoutHidden(group, data, top) {
    const remaining = { ...data };
    for (let round = 0; round < group.fields.length; round += 1) {
      const hidden = group.fields.filter((each) => Object.hasOwn(remaining, each.name) && !isShown(each, remaining, top));
      for (const each of hidden) delete remaining[each.name];
      if (!hidden.length) break;
    }
    return remaining;
  }

  function requiredNames(group, level) {
    const names = new Set(group.fields.filter((each) => each.required).map((each) => each.name));
    for (const rule of group.requiredIf) {
      for (const name of holds(rule.if, level, level) ? rule.then : rule.else) names.add(name);
    }
    return names;
  }

  // --- checking

  class Checker {
    constructor(rules, top) {
      this.rules = rules;
      this.top = top;
      this.faults = [];
    }

    report(path, code, title, values = {}) {
      const message = this.rules.messages[code].replace(/\{(\w+)\}/gu, (whole, name) =>
        String({ title, ...values }[name] ?? whole));
      this.faults.push({ path: path.join("."), code, message: strip(message) });
    }

    group(group, data, path, row = null) {
      const shown = withoutHidden(group, data, this.top);
      const required = requiredNames(group, shown);
      for (const each of group.fields) {
        if (!isShown(each, shown, this.top)) continue;
        this.field(each, own(shown, each.name), [...path, each.name], required.has(each.name), row);
      }
    }

    field(each, value, path, required, row) {
      const title = row === null ? each.title : `${each.title} – ${row}`;
      if (each.kind === "group") this.group(each, value ?? {}, path, row);
      else if (each.kind === "list" || each.kind === "choices") this.list(each, isBlank(value) ? [] : value, path, required, title);
      else if (isBlank(value)) this.blank(each, path, required, title);
      else this.value(each, value, path, title);
    }

    blank(each, path, required, title) {
      if (each.limits.constant === true) this.report(path, "confirm", title);
      else if (required) {
        this.report(path, each.computed ? "not-computed" : each.chosen ? "required-choice" : "required", title);
      }
    }

    list(each, value, path, required, title) {
      const axes = axesOf(each);
      let rows = value;
      if (axes) {
        rows = arranged(axes, value);
        if (!required && rows.every((cell) => isBlankCell(axes, cell))) rows = [];
      }
      const least = Math.max(each.limits.minItems ?? 0, required ? 1 : 0);
      const most = each.limits.maxItems;
      if (rows.length < least) {
        this.report(path, each.ticked ? "required-choices" : "required-list", title, { least });
        return;
      }
      if (most !== null && rows.length > most) {
        this.report(path, "too-many", title, { limit: most });
        return;
      }
      const kept = rows.filter((row, index) => {
        const before = this.faults.length;
        this.row(each, axes, row, [...path, index]);
        return this.faults.length === before;
      });
      const said = kept.map((row) => (isText(row) ? strip(row) : JSON.stringify(row, (_, value) => isNumber(value) ? String(value) : value)));
      if (axes) this.whole(each, axes, rows, path);
      else if (each.limits.unique && new Set(said).size < said.length) this.report(path, "repeated", title);
    }

    whole(each, axes, rows, path) {
      const known = new Set();
      for (const cell of rows) {
        const [row, column] = placeOf(axes, cell);
        if (!axes.rows.has(row) || !axes.columns.has(column)) continue; // what is wrong has been said
        const place = JSON.stringify([row, column]);
        if (known.has(place)) {
          this.report(path, "repeated-cell", `${each.title} – ${cellTitle(axes, cell)}`);
          return;
        }
        known.add(place);
      }
    }

    row(each, axes, row, path) {
      if (!each.item) this.value(each, row, path, each.title);
      else if (each.item.kind === "group") this.group(each.item, row, path, rowTitle(each, axes, row, path.at(-1)));
      else if (isBlank(row)) this.report(path, "required", each.title);
      else this.value(each.item, row, path, each.title);
    }

    value(each, value, path, title) {
      const refused = refusal(each, value, this.rules);
      if (refused) this.report(path, refused[0], title, refused[1]);
    }
  }

  // --- matrices

  function axesOf(each) {
    if (!each.matrix || !each.item) return null;
    const [rows, columns] = each.matrix.map((name) => each.item.fields.find((field) => field.name === name)?.choices);
    if (!rows?.length || !columns?.length) return null;
    return { names: each.matrix, rows: new Map(rows), columns: new Map(columns) };
  }

  const placeOf = (axes, cell) => axes.names.map((name) => own(cell, name));

  function arranged(axes, rows) {
    const found = new Map();
    const rest = [];
    for (const row of rows) {
      const place = placeOf(axes, row);
      const key = JSON.stringify(place);
      if (found.has(key) || !place.every(isText)) rest.push(row);
      else found.set(key, row);
    }
    const cells = [];
    for (const row of axes.rows.keys()) {
      for (const column of axes.columns.keys()) {
        const key = JSON.stringify([row, column]);
        cells.push(found.get(key) ?? { [axes.names[0]]: row, [axes.names[1]]: column });
        found.delete(key);
      }
    }
    return [...cells, ...found.values(), ...rest];
  }

  function isBlankCell(axes, cell) {
    return Object.entries(cell).every(([name, value]) => axes.names.includes(name) || value === false || isBlankRow(value));
  }

  function cellTitle(axes, cell) {
    const [row, column] = placeOf(axes, cell);
    return `${axes.rows.get(row) ?? row ?? "None"}, ${axes.columns.get(column) ?? column ?? "None"}`;
  }

  function rowTitle(each, axes, row, index) {
    if (axes) return cellTitle(axes, row);
    return each.itemTitle ? `${each.itemTitle} ${index + 1}` : null;
  }

  // --- one value

  function refusal(each, value, rules) {
    const { kind, limits } = each;
    if (kind === "text") return textRefusal(each, value) ?? choiceRefusal(each, value, "not-an-option", each.choices);
    if (kind === "longtext") return textRefusal(each, value);
    if (["integer", "number", "money", "percent"].includes(kind)) return numberRefusal(kind, limits, value);
    if (kind === "boolean") {
      if (typeof value !== "boolean") return ["not-boolean"];
      return limits.constant === true && !value ? ["confirm"] : null;
    }
    if (kind === "date") return dayOf(value) ? null : ["not-date"];
    if (kind === "date-time") return isOsloMinute(value) || isMoment(value) ? null : ["not-date-time"];
    if (kind === "choice" || kind === "choices") return choiceRefusal(each, value, "not-an-option", each.choices ?? []);
    if (kind === "supplier") return choiceRefusal(each, value, "unknown-supplier", each.choices ?? []);
    if (kind === "person") return choiceRefusal(each, value, "unknown-person", each.choices ?? []);
    if (kind === "file") return value === UPLOAD || rules.files.includes(strip(value)) ? null : ["unknown-file"];
    if (kind === "organisation") return organisationRefusal(value, rules.weights.organisation);
    if (kind === "cpv") return isCode(value, rules.weights.cpv) ? null : ["not-cpv"];
    return null;
  }

  function textRefusal({ limits, help }, value) {
    const text = strip(value.replaceAll("\r", "\n"));
    if (CONTROL.test(text)) return ["not-text"];
    const length = [...text].length;
    if (limits.minLength !== null && length < limits.minLength) return ["too-short", { limit: limits.minLength }];
    if (limits.maxLength !== null && length > limits.maxLength) return ["too-long", { limit: limits.maxLength, length }];
    if (limits.pattern !== null && !new RegExp(limits.pattern, "u").test(text)) return ["pattern", { help }];
    if (limits.format === "email" && !EMAIL.test(text)) return ["not-email"];
    if (limits.format === "uri" && !URI.test(text)) return ["not-uri"];
    return null;
  }

  function choiceRefusal(_each, value, code, choices) {
    if (choices === null) return null;
    return choices.some(([key]) => key === strip(value)) ? null : [code];
  }

  function numberRefusal(kind, limits, value) {
    if (!isNumber(value)) return [`not-${kind}`];
    const size = value < 0n ? -value : value;
    if (size >= LARGEST) return [`not-${kind}`];
    if ((kind === "integer" || kind === "money") && value % SCALE !== 0n) return [`not-${kind}`];
    if (limits.minimum && value < scaled(limits.minimum[0])) return ["too-small", { limit: limits.minimum[1] }];
    if (limits.exclusiveMinimum && value <= scaled(limits.exclusiveMinimum[0])) return ["not-above", { limit: limits.exclusiveMinimum[1] }];
    if (limits.maximum && value > scaled(limits.maximum[0])) return ["too-large", { limit: limits.maximum[1] }];
    return null;
  }

  const weighted = (digits, weights, count) =>
    [...digits].slice(0, count).reduce((sum, digit, index) => sum + Number(digit) * weights[index % weights.length], 0);

  function organisationRefusal(value, weights) {
    const plain = strip(value).replace(/[ .\u00a0\u2009\u202f]/gu, "");
    if (!/^[0-9]{9}$/u.test(plain)) return ["not-organisation"];
    const check = (11 - (weighted(plain, weights, 8) % 11)) % 11;
    return check === Number(plain[8]) ? null : ["organisation-check"];
  }

  function isCode(value, weights) {
    const found = /^([0-9]{8})(?:-([0-9]))?$/u.exec(strip(value));
    return Boolean(found) && (found[2] === undefined || Number(found[2]) === weighted(found[1], weights, 8) % 10);
  }

  const UPLOAD = "\u0000upload";

  // What is wrong with a form that was filled in like this, in the order of the form.
  function check(rules, pairs) {
    const data = decodeGroup(rules.root, posted(pairs), "");
    const checker = new Checker(rules, withoutHidden(rules.root, data, data));
    checker.group(rules.root, data, []);
    return checker.faults;
  }

  // What stands in a form of the page: its inputs, the files chosen, and what was worked out.
  function pairsOf(form) {
    const pairs = [];
    for (const [name, value] of new FormData(form)) {
      if (isText(value)) pairs.push([name, value]);
      else if (name.startsWith("_upload.") && value.name) pairs.push([name.slice("_upload.".length), UPLOAD]);
    }
    for (const output of form.querySelectorAll("output[name]")) pairs.push([output.name, output.dataset.value]);
    return pairs;
  }

  return { check, pairsOf };
})();
globalThis.pivotalForms = pivotalForms;

// On a page: the form is checked before it is handed in, and again as its faults are mended.
(() => {
  const form = document.querySelector("form[data-rules]");
  const place = document.querySelector("#faults-place");
  const source = form && document.getElementById(form.dataset.rules);
  if (!form || !place || !source) return;
  const rules = JSON.parse(source.textContent);
  const idOf = (path) => `f-${path.replaceAll(".", "-")}`;
  let asked = Boolean(place.querySelector("#faults"));

  const show = (faults) =>
    pivotalFaults.show(form, place, faults.map(({ path, message }) => ({ id: idOf(path), message })));

  // At a gate: the decision, and the reason that it asks for.
  function undecided() {
    const options = [...form.querySelectorAll("[name=_option]")];
    if (!options.length) return [];
    const chosen = options.find((option) => option.checked);
    if (!chosen) return [{ path: "option", message: place.dataset.option }];
    const lacks = "reason" in chosen.dataset && !form.elements._reason.value.trim();
    return lacks ? [{ path: "reason", message: place.dataset.reason }] : [];
  }

  const all = () => [...pivotalForms.check(rules, pivotalForms.pairsOf(form)), ...undecided()];

  form.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "complete") return;
    const faults = all();
    asked = true;
    if (!faults.length) return;
    event.preventDefault();
    show(faults);
    document.getElementById("faults").focus();
  });
  for (const kind of ["change", "refreshed"]) {
    form.addEventListener(kind, () => {
      if (asked) pivotalFaults.afterPress(() => show(all()));
    });
  }
})();

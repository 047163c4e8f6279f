// A Request as it is typed: groups form, look-alikes are mended, each wrong place is shown at once.
// The server reads what is sent by itself; this only shows early what it would say.
"use strict";

const GROUP = 4;
const SEPARATORS = /[\s\-\u2010\u2011\u2013\u2014\u2212:.]/u;
const TWINS = new Map([..."АВЕКМНОРСТУХ"].map((letter, at) => [letter, "ABEKMHOPCTYX"[at]]));

function read(text) {
  const characters = [];
  for (const char of text) {
    if (SEPARATORS.test(char)) {
      continue;
    }
    const upper = char.toUpperCase();
    const latin = TWINS.get(upper) ?? upper;
    const digit = latin === "O" ? "0" : latin;
    characters.push({ char: upper, digit, mended: digit !== upper, wrong: !/^[0-9A-F]$/u.test(digit) });
  }
  return characters;
}

function filled(text, values) {
  return text.replace(/\{(\w+)\}/gu, (_whole, name) => values[name]);
}

function told(characters, form) {
  const needed = Number(form.dataset.length) * 2;
  const at = characters.findIndex((each) => each.wrong);
  if (at >= 0) {
    const facts = { place: at % GROUP + 1, group: Math.floor(at / GROUP) + 1, char: characters[at].char };
    return [filled(form.dataset.wrong, facts), "wrong"];
  }
  const said = [];
  const mended = new Map(characters.filter((each) => each.mended).map((each) => [each.char, each.digit]));
  for (const [char, as] of mended) {
    said.push(filled(form.dataset.mended, { char, as }));
  }
  const count = characters.length;
  let kind = "";
  if (needed && count > needed) {
    said.unshift(filled(form.dataset.over, { count, needed }));
    kind = "wrong";
  } else if (needed && count === needed) {
    said.unshift(filled(form.dataset.whole, { needed }));
    kind = "right";
  } else if (needed && count) {
    said.unshift(filled(form.dataset.missing, { count, needed }));
  }
  return [said.join(" "), kind];
}

function box(each, at, needed) {
  const span = document.createElement("span");
  if (!each) {
    span.className = "missing";
    span.textContent = "·";
    return span;
  }
  span.textContent = each.wrong ? each.char : each.digit;
  span.className = each.wrong || (needed && at >= needed) ? "wrong" : each.mended ? "mended" : "";
  return span;
}

function draw(ruler, characters, needed) {
  const groups = [];
  for (let at = 0; at < Math.max(characters.length, needed); at += 1) {
    if (at % GROUP === 0) {
      groups.push(document.createElement("li"));
    }
    groups.at(-1).append(box(characters[at], at, needed));
  }
  ruler.replaceChildren(...groups);
  ruler.hidden = false;
}

function grouped(characters) {
  const text = characters.map((each) => (each.wrong ? each.char : each.digit)).join("");
  return text.match(/.{1,4}/gu)?.join(" ") ?? "";
}

for (const form of document.querySelectorAll("form[data-request]")) {
  const field = form.querySelector("input.typed");
  const ruler = form.querySelector(".ruler");
  const line = form.querySelector(".told");
  const needed = Number(form.dataset.length) * 2;
  const look = () => {
    const characters = read(field.value);
    draw(ruler, characters, needed);
    const [text, kind] = told(characters, form);
    line.textContent = text;
    line.className = `told ${kind}`;
    return characters;
  };
  field.addEventListener("input", (event) => {
    const characters = look();
    const atEnd = field.selectionStart === field.value.length;
    if (atEnd && event.inputType !== "deleteContentBackward" && !event.isComposing) {
      field.value = grouped(characters);
    }
  });
  field.addEventListener("change", () => { field.value = grouped(look()); });
  look();
}

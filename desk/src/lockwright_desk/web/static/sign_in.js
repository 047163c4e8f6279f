// Signing in: what the server asks goes to the browser, and what the browser answers to the server.
"use strict";

async function posted(place, body) {
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  const answer = await fetch(place, { method: "POST", headers, body: JSON.stringify(body) });
  const told = await answer.json();
  if (!answer.ok) {
    throw new Error([told.message, told.advice].filter(Boolean).join(" "));
  }
  return told;
}

const WAYS = {
  async passkey(form) {
    const asked = await posted(form.dataset.begin, {});
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked);
    const answer = await navigator.credentials.get({ publicKey });
    return posted(form.dataset.end, { answer: answer.toJSON() });
  },
  async enrol(form) {
    const { code, label } = Object.fromEntries(new FormData(form));
    const asked = await posted(form.dataset.begin, { code });
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked);
    const answer = await navigator.credentials.create({ publicKey });
    return posted(form.dataset.end, { answer: answer.toJSON(), label });
  },
  certificate: (form) => posted(form.dataset.end, {}),
};

// What the browser says of its own trouble is for programmers; the form has words for people.
function words(error, form) {
  if (error instanceof DOMException || error instanceof TypeError || error instanceof SyntaxError) {
    return error.name === "InvalidStateError" ? form.dataset.there : form.dataset.stopped;
  }
  return error.message || form.dataset.stopped;
}

for (const form of document.querySelectorAll("form[data-way]")) {
  const told = form.querySelector("[role=alert]");
  const button = form.querySelector("button");
  if (form.dataset.way !== "certificate" && !window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    told.textContent = form.dataset.unable;
    continue;
  }
  button.disabled = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    told.textContent = "";
    button.disabled = true;
    try {
      const { go } = await WAYS[form.dataset.way](form);
      location.replace(form.dataset.back || go);
    } catch (error) {
      told.textContent = words(error, form);
      button.disabled = false;
      button.focus();
    }
  });
}

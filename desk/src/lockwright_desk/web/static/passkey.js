// Passkeys: what the server asks goes to the browser, and what the browser answers to the server.
"use strict";

async function posted(place, body, forms) {
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  if (forms) {
    headers["X-Lockwright-Forms"] = forms;
  }
  const answer = await fetch(place, { method: "POST", headers, body: JSON.stringify(body) });
  const told = await answer.json();
  if (!answer.ok) {
    throw new Error([told.message, told.advice].filter(Boolean).join(" "));
  }
  return told;
}

async function signIn(form) {
  const asked = await posted(form.dataset.begin, {});
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked);
  const credential = await navigator.credentials.get({ publicKey });
  return posted(form.action, { credential, back: form.dataset.back });
}

async function enrol(form) {
  const given = Object.fromEntries(new FormData(form));
  const asked = await posted(form.dataset.begin, given);
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked);
  const credential = await navigator.credentials.create({ publicKey });
  return posted(form.action, { ...given, credential, back: form.dataset.back });
}

// What the browser says of its own trouble is for programmers; the form has words for people.
function words(error, form) {
  if (error instanceof DOMException) {
    return error.name === "InvalidStateError" ? form.dataset.there : form.dataset.stopped;
  }
  return error.message || form.dataset.stopped;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const told = document.getElementById(form.dataset.told);
  const button = form.querySelector("button");
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    told.textContent = form.dataset.unable;
    button.disabled = true;
    continue;
  }
  button.disabled = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    told.textContent = "";
    button.disabled = true;
    try {
      const { to } = await (form.dataset.passkey === "enrol" ? enrol(form) : signIn(form));
      location.assign(to);
    } catch (error) {
      told.textContent = words(error, form);
      button.disabled = false;
      button.focus();
    }
  });
}

// A Response is on the screen once: whoever leaves the page and comes back finds the case.
"use strict";

const once = document.querySelector("[data-once]");

addEventListener("pagehide", () => once.replaceChildren());
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    location.replace(once.dataset.once);
  }
});

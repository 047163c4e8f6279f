// Parts of a page that change by themselves: the server says that something changed, and the page
// is asked for again; what is in the same place now takes the place of what was there.
"use strict";

const live = document.querySelector("[data-live]");

async function refreshed(id) {
  const answer = await fetch(location.href, { headers: { "X-By-Itself": "1" } });
  if (!answer.ok || answer.redirected) {
    return null;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.getElementById(id);
}

// Where the keyboard was: a link or a button with the same words and the same goal.
function keyOf(element) {
  return element.id || element.getAttribute("href") || element.textContent;
}

function replace(old, fresh) {
  const focused = old.contains(document.activeElement) ? keyOf(document.activeElement) : null;
  old.replaceWith(fresh);
  if (focused === null) {
    return;
  }
  for (const element of fresh.querySelectorAll("a, button, input, summary")) {
    if (keyOf(element) === focused) {
      element.focus({ preventScroll: true });
      return;
    }
  }
}

if (live) {
  const source = new EventSource(live.dataset.live);
  const announce = document.getElementById("announce");
  let busy = false;
  let again = false;
  source.addEventListener("changed", async () => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    do {
      again = false;
      try {
        const old = document.getElementById(live.id);
        const fresh = await refreshed(live.id);
        if (fresh === null) {
          source.close();
          location.reload();
        } else if (fresh.innerHTML !== old.innerHTML) {
          replace(old, document.adoptNode(fresh));
          announce.textContent = announce.dataset.changed;
          setTimeout(() => { announce.textContent = ""; }, 4000);
        }
      } catch {
        again = false; // the server is away; the next event asks again
      }
    } while (again);
    busy = false;
  });
  addEventListener("pagehide", () => source.close());
}

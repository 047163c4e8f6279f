// Parts of a page that change by themselves: the server says that something changed, and the page
// is asked for again; what is in the same place now takes the place of what was there.
"use strict";


// The browser reads the page as it reads any other; nothing here makes elements of a text.
function refreshed(id) {
  return new Promise((resolve, reject) => {
    const asked = new XMLHttpRequest();
    asked.open("GET", location.href);
    asked.setRequestHeader("X-By-Itself", "1");
    asked.responseType = "document";
    asked.onload = () => resolve(asked.status === 200 ? asked.response.getElementById(id) : null);
    asked.onerror = reject;
    asked.send();
  });
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

// A browser has few connections to a server, so a page that nobody sees lets go of its own.
class Watch {
  constructor(place, id) {
    this.place = place;
    this.id = id;
    this.announce = document.getElementById("announce");
    document.addEventListener("visibilitychange", () => this.turn(!document.hidden));
    addEventListener("pagehide", () => this.turn(false));
    addEventListener("pageshow", () => this.turn(true));
  }

  turn(on) {
    if (on && !this.source) {
      this.source = new EventSource(this.place);
      this.source.addEventListener("changed", () => this.changed());
    } else if (!on && this.source) {
      this.source.close();
      this.source = null;
    }
  }

  async changed() {
    this.asked = true;
    if (this.busy) {
      return;
    }
    this.busy = true;
    while (this.asked) {
      this.asked = false;
      try {
        await this.look();
      } catch {
        // The server is away; the next event asks again.
      }
    }
    this.busy = false;
  }

  async look() {
    const fresh = await refreshed(this.id);
    const old = document.getElementById(this.id);
    if (fresh === null) {
      this.turn(false);
      location.reload();
    } else if (fresh.innerHTML !== old.innerHTML) {
      replace(old, document.adoptNode(fresh));
      this.announce.textContent = this.announce.dataset.changed;
      setTimeout(() => { this.announce.textContent = ""; }, 4000);
    }
  }
}

for (const live of document.querySelectorAll("[data-live]")) {
  new Watch(live.dataset.live, live.id).turn(!document.hidden);
}

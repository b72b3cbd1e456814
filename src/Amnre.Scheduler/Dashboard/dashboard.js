// Keeps the page current without redrawing it: fetches the page again and changes only what differs.
"use strict";

const period = 1000;
const pulse = document.getElementById("pulse");
const main = document.querySelector("main[data-live]");

const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.dataset.key : undefined);

function update(old, fresh) {
  for (const name of fresh.getAttributeNames()) {
    if (old.getAttribute(name) !== fresh.getAttribute(name)) old.setAttribute(name, fresh.getAttribute(name));
  }
  for (const name of old.getAttributeNames()) {
    // What the reader has opened or closed stays so.
    if (!fresh.hasAttribute(name) && !(old.tagName === "DETAILS" && name === "open")) old.removeAttribute(name);
  }
  const keyed = new Map();
  for (const child of old.childNodes) if (keyOf(child)) keyed.set(keyOf(child), child);
  let place = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    const key = keyOf(next);
    const match = key ? keyed.get(key) : place && !keyOf(place) && place.nodeName === next.nodeName ? place : undefined;
    if (!match) {
      old.insertBefore(next, place);
      continue;
    }
    if (match === place) place = place.nextSibling;
    else old.insertBefore(match, place);
    if (match.nodeType !== Node.ELEMENT_NODE) {
      if (match.nodeValue !== next.nodeValue) match.nodeValue = next.nodeValue;
    } else {
      const open = match.tagName === "DETAILS" ? match.open : undefined;
      update(match, next);
      if (open !== undefined) match.open = open;
    }
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

// What the reader has at hand stays so: the focus, and the end of a log that is being followed.
function keeping(change) {
  const focused = document.activeElement;
  const followed = [...main.querySelectorAll("[data-stick]")].filter((one) => one.scrollHeight - one.scrollTop - one.clientHeight < 8);
  change();
  for (const one of followed) one.scrollTop = one.scrollHeight;
  if (focused && focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
}

async function refresh() {
  let took = 0;
  if (!document.hidden) {
    const begin = performance.now();
    try {
      const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(10000) });
      if (answer.status === 401) return location.reload();
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("main");
      if (fresh) keeping(() => update(main, fresh));
      document.title = page.title;
      pulse?.classList.remove("stale");
      if (pulse) pulse.lastElementChild.textContent = "live";
    } catch {
      pulse?.classList.add("stale");
      if (pulse) pulse.lastElementChild.textContent = "out of reach";
    }
    took = performance.now() - begin;
  }
  // A page that is slow to make or to reach is asked for more rarely.
  setTimeout(refresh, Math.max(period, 4 * took));
}

if (main) {
  for (const one of main.querySelectorAll("[data-stick]")) one.scrollTop = one.scrollHeight;
  setTimeout(refresh, period);
}

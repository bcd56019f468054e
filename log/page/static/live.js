// Follows the log: each event of the stream is a line as the server draws it, and
// is put on top. Without this script the page shows the moment at which it was
// loaded.
"use strict";

const most = 500; // lines; of more, the newest are asked for anew
const again = 10_000; // ms until what is counted is counted again

const button = document.getElementById("follow");
let last, stream, came = [], refreshing;

const part = id => document.getElementById(id);
const pressed = () => button.getAttribute("aria-pressed") === "true";

function press(on) {
  button.setAttribute("aria-pressed", on);
  button.lastElementChild.textContent = on ? "Following" : "Follow";
}

// follow begins, goes on after a break, or stops: in a hidden tab too, as a
// browser has few connections to one host.
function follow() {
  stream?.close();
  if (document.hidden || !pressed()) return;
  const url = new URL(location);
  url.searchParams.set("after", last);
  stream = new EventSource(url);
  stream.onopen = () => { part("lost").hidden = true; };
  stream.onmessage = event => {
    last = event.lastEventId;
    if (came.push(event.data) === 1) requestAnimationFrame(put);
  };
  stream.addEventListener("dropped", () => {
    press(false);
    part("behind").hidden = false;
    follow();
  });
  stream.onerror = () => {
    stream.close();
    part("lost").hidden = false;
    setTimeout(follow, 1000);
  };
}

// put shows the lines that came.
function put() {
  const list = document.querySelector(".loglist"), lines = document.createElement("template");
  lines.innerHTML = came.reverse().join("");
  came = [];
  if (!list || list.children.length > most) refresh("lines");
  else list.prepend(lines.content);
}

// refresh replaces parts of the page by what the server draws now.
async function refresh(...ids) {
  if (refreshing) return;
  refreshing = true;
  try {
    const answer = await fetch(location, {headers: {Accept: "text/html"}});
    const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ids) if (drawn.getElementById(id)) part(id).replaceWith(drawn.getElementById(id));
    if (ids.includes("lines")) resume();
  } catch { // the stream says that the service is away
  } finally {
    refreshing = false;
  }
}

// resume follows from what the page shows on.
function resume() {
  last = part("lines").dataset.after;
  follow();
}

if (button) {
  document.documentElement.classList.add("live");
  document.addEventListener("visibilitychange", follow);
  button.addEventListener("click", () => {
    press(!pressed());
    part("behind").hidden = true;
    if (pressed()) refresh("lines", "found", "chart");
    else follow();
  });
  setInterval(() => { if (pressed() && !document.hidden) refresh("found", "chart"); }, again);
  resume();
}

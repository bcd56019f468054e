// Follows the log: each event of the stream is a line as the server draws it, and
// is put on top. Without this script the page shows the moment at which it was
// loaded.
"use strict";

const most = 500; // lines; of more, the oldest go to the next page
const again = 10_000; // ms until what is counted is counted again

const button = document.getElementById("follow");
const wanted = new Set(); // parts that are to be drawn anew
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
  stream.onmessage = take;
  stream.addEventListener("alert", event => {
    take(event);
    refresh("alerts", "pulse");
  });
  stream.addEventListener("gap", event => { last = event.lastEventId; });
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

function take(event) {
  last = event.lastEventId;
  if (came.push(event.data) === 1) requestAnimationFrame(put);
}

// put shows the lines that came.
function put() {
  if (came.length === 0) return;
  const list = document.querySelector(".loglist"), lines = document.createElement("template");
  lines.innerHTML = came.slice(-most).reverse().join("");
  came = [];
  if (!list) return refresh("lines");
  list.prepend(lines.content);
  if (list.children.length <= most) return;
  while (list.children.length > most) list.lastElementChild.remove();
  const url = new URL(location);
  url.searchParams.set("before", list.lastElementChild.dataset.offset);
  part("older").href = url;
  part("older").hidden = false;
}

// refresh replaces parts of the page by what the server draws now.
async function refresh(...ids) {
  ids.forEach(id => wanted.add(id));
  if (refreshing) return;
  refreshing = true;
  try {
    while (wanted.size > 0) {
      const answer = await fetch(location, {headers: {Accept: "text/html"}});
      const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = [...wanted].filter(id => drawn.getElementById(id));
      wanted.clear();
      for (const id of now) part(id).replaceWith(drawn.getElementById(id));
      if (now.includes("lines")) resume();
    }
  } catch { // the service is away, as the stream says
    setTimeout(refresh, 1000);
  }
  refreshing = false;
}

// resume follows from what the page shows on.
function resume() {
  came = [];
  last = part("lines").dataset.after;
  follow();
}

if (button) {
  document.documentElement.classList.add("live");
  document.addEventListener("visibilitychange", follow);
  button.addEventListener("click", () => {
    press(!pressed());
    part("behind").hidden = true;
    if (pressed()) refresh("lines", "found", "chart", "alerts", "pulse");
    else follow();
  });
  setInterval(() => { if (pressed() && !document.hidden) refresh("found", "chart", "alerts", "pulse"); }, again);
  resume();
}

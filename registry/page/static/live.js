// Keeps the page as the registry draws it: each event of the stream is the page
// anew. Without this script the page shows the moment at which it was loaded.
"use strict";

// morph makes shown like drawn, touching only what differs, so that focus,
// selection and scrolling stay where they are.
function morph(shown, drawn) {
  if (shown.isEqualNode(drawn)) return;
  if (shown.nodeType !== Node.ELEMENT_NODE || shown.nodeName !== drawn.nodeName) {
    shown.replaceWith(drawn);
    return;
  }
  for (const a of [...shown.attributes]) if (!drawn.hasAttribute(a.name)) shown.removeAttribute(a.name);
  for (const a of drawn.attributes) if (shown.getAttribute(a.name) !== a.value) shown.setAttribute(a.name, a.value);
  const had = [...shown.childNodes], has = [...drawn.childNodes];
  has.forEach((child, i) => had[i] ? morph(had[i], child) : shown.append(child));
  had.slice(has.length).forEach(child => child.remove());
}

let stream;

function follow() {
  stream?.close();
  if (document.hidden) return; // a browser has few connections to one host
  stream = new EventSource("/");
  stream.onmessage = event => {
    const drawn = new DOMParser().parseFromString(event.data, "text/html");
    document.title = drawn.title;
    morph(document.body, drawn.body);
  };
  stream.onerror = () => {
    stream.close();
    document.getElementById("lost").hidden = false; // until the next event
    setTimeout(follow, 1000);
  };
}

document.documentElement.classList.add("live");
document.addEventListener("visibilitychange", follow);
follow();

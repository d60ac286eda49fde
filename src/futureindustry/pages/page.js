"use strict";
(() => {
  // An item inside a folded part: unfold what holds it.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let e = target.parentElement; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();

  const opener = document.getElementById("_open");
  if (opener) {
    opener.hidden = false;
    opener.onclick = () => document.querySelectorAll("details[data-group]").forEach(e => { e.open = true; });
  }

  const box = document.getElementById("_search");
  if (!box) return;
  const simple = new Map();
  const old = [...box.dataset.old], now = [...box.dataset.new];
  old.forEach((c, i) => simple.set(c, now[i]));
  // Width, case, traditional characters, spaces and punctuation make no difference.
  const fold = text => [...text.normalize("NFKC").toLowerCase()].map(c => simple.get(c) ?? c).join("")
    .replace(/[\s\p{P}]/gu, "");
  const rows = [...document.querySelectorAll("[data-names]")].map(e => {
    const names = (e.dataset.names || [...e.cells].map(c => c.textContent).join("\n")).split("\n");
    return { e, names, keys: names.map(fold), hits: e.querySelector(".hits") };
  });
  const groups = [...document.querySelectorAll("[data-group]")];
  const found = document.getElementById("_found");

  const search = () => {
    const wanted = fold(box.value);
    let count = 0;
    for (const g of groups) g.hidden = wanted !== "" || "onlySearch" in g.dataset;
    for (const r of rows) r.e.hidden = wanted !== "";
    for (const r of rows) {
      const hits = wanted === "" ? [] : r.names.filter((_, i) => r.keys[i].includes(wanted));
      if (r.hits) {
        r.hits.replaceChildren(...hits.slice(0, 6).map(name => {
          const span = document.createElement("span");
          span.textContent = name;
          return span;
        }));
        r.hits.hidden = hits.length === 0;
      }
      if (hits.length === 0) continue;
      count += 1;
      for (let e = r.e; e; e = e.parentElement) {
        if (e.hasAttribute("data-names") || e.hasAttribute("data-group")) e.hidden = false;
        if (e.tagName === "DETAILS") e.open = true;
      }
    }
    found.textContent = wanted === "" ? "" : String(count);
  };
  box.parentElement.hidden = false;
  box.addEventListener("input", search);
  if (box.value) search();
})();

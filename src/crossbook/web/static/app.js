// Small helps on top of pages that work without: search key, printing, dropping files, leaner addresses.
"use strict";

document.addEventListener("keydown", (event) => {
  const typing = /^(input|textarea|select)$/i.test(event.target.tagName);
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const find = document.getElementById("find");
    if (find) {
      event.preventDefault();
      find.focus();
    }
  }
});

// the page that waits for the first figures comes again by itself: it has nothing in it that one could type in
if (document.getElementById("waiting")) setTimeout(() => window.location.reload(), 2000);

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// fields left empty stay out of the address
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") return;
  for (const [name, value] of [...event.detail.parameters.entries()]) {
    if (value === "") event.detail.parameters.delete(name);
  }
});

const drop = document.getElementById("drop");
if (drop) {
  const results = document.getElementById("results");
  const chooser = document.getElementById("files");
  const waiting = [];
  let busy = false;

  const next = () => {
    if (busy || !waiting.length) return;
    busy = true;
    const { file, row } = waiting.shift();
    const form = new FormData(drop);
    form.delete("files");
    form.append("files", file, file.name);
    const bar = row.querySelector("progress");
    const text = row.querySelector("span");
    const request = new XMLHttpRequest();
    request.open("POST", drop.action);
    request.setRequestHeader("X-Requested-With", "crossbook");
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    };
    request.upload.onload = () => {
      bar.removeAttribute("value");
      text.textContent = `${file.name}: ${results.dataset.reading}`;
    };
    request.onloadend = () => {
      if (request.status === 200) {
        const template = document.createElement("template");
        template.innerHTML = request.responseText;
        row.replaceWith(template.content);
      } else {
        row.className = "result bad";
        row.textContent = `${file.name}: ${results.dataset.failed} (${request.status})`;
      }
      busy = false;
      next();
    };
    request.send(form);
  };

  const take = (files) => {
    for (const file of files) {
      const row = document.createElement("li");
      row.className = "result";
      const bar = document.createElement("progress");
      bar.value = 0;
      bar.setAttribute("aria-label", file.name);
      const text = document.createElement("span");
      text.textContent = `${file.name}: ${results.dataset.sending}`;
      row.append(text, " ", bar);
      results.append(row);
      waiting.push({ file, row });
    }
    next();
  };

  drop.addEventListener("submit", (event) => {
    event.preventDefault();
    take([...chooser.files]);
    chooser.value = "";
  });
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    drop.addEventListener(name, () => drop.classList.remove("over"));
  }
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    take([...event.dataTransfer.files]);
  });
}

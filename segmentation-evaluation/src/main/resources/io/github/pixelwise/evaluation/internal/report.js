// Sorting. Without it, the page shows the same.
"use strict";

const compare = (a, b) => {
  // What has no number comes last, whatever the direction.
  if (a === "" || b === "") {
    return null;
  }
  const numbers = Number(a) - Number(b);
  return Number.isNaN(numbers) ? a.localeCompare(b, undefined, { numeric: true }) : numbers;
};

const sortChildren = (parent, key, direction) => {
  const keyed = Array.from(parent.children, (child) => ({ child, key: key(child) }));
  keyed.sort((a, b) => {
    const order = compare(a.key, b.key);
    return order === null ? Number(a.key === "") - Number(b.key === "") : direction * order;
  });
  parent.append(...keyed.map((entry) => entry.child));
};

for (const table of document.querySelectorAll("table.sortable")) {
  const headers = Array.from(table.tHead.rows[0].cells);
  headers.forEach((header, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = header.textContent;
    header.replaceChildren(button);
    button.addEventListener("click", () => {
      const first = column === 0 ? "ascending" : "descending";
      const second = column === 0 ? "descending" : "ascending";
      const sort = header.getAttribute("aria-sort") === first ? second : first;
      headers.forEach((other) => other.removeAttribute("aria-sort"));
      header.setAttribute("aria-sort", sort);
      sortChildren(
        table.tBodies[0],
        (row) => row.cells[column].dataset.value ?? row.cells[column].textContent,
        sort === "ascending" ? 1 : -1);
    });
  });
}

const orders = [
  ["IoU, lowest first", "iou", 1],
  ["IoU, highest first", "iou", -1],
  ["pixel accuracy, lowest first", "accuracy", 1],
  ["pixel accuracy, highest first", "accuracy", -1],
  ["name", "name", 1],
];

for (const gallery of document.querySelectorAll(".gallery")) {
  const select = document.createElement("select");
  orders.forEach(([text], i) => select.append(new Option(text, i)));
  select.value = gallery.parentElement.id === "best" ? 1 : 0;
  select.addEventListener("change", () => {
    const [, key, direction] = orders[select.value];
    sortChildren(gallery, (item) => item.dataset[key], direction);
  });
  const label = document.createElement("label");
  label.className = "sorting";
  label.append("Sort by", select);
  gallery.before(label);
}

const matrix = document.querySelector(".matrix");
const readout = document.createElement("p");
readout.className = "readout";
readout.textContent = "Point at a cell to read its numbers.";
matrix.parentElement.after(readout);
const read = (event) => {
  const cell = event.target.closest("td[title]");
  if (cell) {
    readout.textContent = cell.title;
  }
};
matrix.addEventListener("pointerover", read);
matrix.addEventListener("click", read);

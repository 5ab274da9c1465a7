"use strict";

const MAX_BYTES = 20 * 1024 * 1024;
const RECONNECT_MILLIS = 2000;

const list = document.getElementById("documents");
const template = document.getElementById("document-template");
const fileInput = document.getElementById("file");
const drop = document.getElementById("drop");

/* The list */

function show(doc, atTheEnd) {
	let row = document.getElementById("document-" + doc.id);
	if (!row) {
		row = template.content.firstElementChild.cloneNode(true);
		row.id = "document-" + doc.id;
		if (atTheEnd) {
			list.append(row);
		}
		else {
			list.prepend(row);
		}
		document.getElementById("empty").hidden = true;
	}
	const part = (name) => row.querySelector("." + name);
	row.dataset.state = doc.state;
	part("badge").className = "badge " + doc.state;
	part("badge").textContent = doc.state;
	part("name").textContent = doc.name;
	part("detail").textContent = detail(doc);
	part("pdf").hidden = doc.state !== "done";
	part("pdf").href = "/documents/" + doc.id + "/pdf";
	part("pdf").setAttribute("aria-label", "Open the PDF of " + doc.name);
	part("progress").hidden = doc.state !== "running";
	part("progress").value = doc.percent ?? 0;
	part("progress").setAttribute("aria-label", "Progress of " + doc.name);
	part("error").hidden = !doc.error;
	part("error").textContent = doc.error ?? "";
	part("warnings").hidden = doc.warnings.length === 0;
	part("warnings").replaceChildren(...doc.warnings.map((warning) => {
		const item = document.createElement("li");
		item.textContent = warning;
		return item;
	}));
}

function detail(doc) {
	if (doc.state === "queued") {
		return doc.attempt > 0 ? "Attempt " + doc.attempt + " failed, waiting for the next" : "Waiting";
	}
	return doc.attempt > 1 ? "Attempt " + doc.attempt : "";
}

/* What changes: events that arrive while the lists are being read come after them. */

let early = null;

async function readLists() {
	early = [];
	try {
		await readList("/documents", "document-", list, "empty", show);
		await readList("/imports", "import-", imports, "no-imports", showImport);
	}
	finally {
		early.forEach((change) => change());
		early = null;
	}
}

async function readList(path, prefix, rows, empty, showEach) {
	const response = await fetch(path);
	if (!response.ok) {
		throw new Error("The list answered " + response.status);
	}
	const all = await response.json();
	const known = new Set(all.map((one) => prefix + one.id));
	for (const row of [...rows.children]) {
		if (!known.has(row.id)) {
			row.remove();
		}
	}
	all.forEach((one) => showEach(one, true));
	document.getElementById(empty).hidden = all.length > 0;
}

function happens(change) {
	if (early) {
		early.push(change);
	}
	else {
		change();
	}
}

function connect() {
	const connection = document.getElementById("connection");
	const events = new EventSource("/documents/events");
	events.addEventListener("open", () => {
		connection.textContent = "";
		readLists().catch(() => reconnect());
	});
	events.addEventListener("document", (event) => {
		const doc = JSON.parse(event.data);
		happens(() => show(doc, false));
	});
	events.addEventListener("import", (event) => {
		const one = JSON.parse(event.data);
		happens(() => showImport(one, false));
	});
	events.addEventListener("error", () => reconnect());

	function reconnect() {
		events.close();
		connection.textContent = "Connection lost, trying again…";
		setTimeout(connect, RECONNECT_MILLIS);
	}
}

/* Uploads */

async function uploadDocument(file) {
	if (!file.name.toLowerCase().endsWith(".docx")) {
		throw new Error("“" + file.name + "” is not a Word document: its name does not end with .docx.");
	}
	if (file.size > MAX_BYTES) {
		throw new Error("“" + file.name + "” is larger than 20 MB.");
	}
	await upload(file, "/documents");
}

async function upload(file, path) {
	const form = new FormData();
	form.append("file", file);
	let response;
	try {
		response = await fetch(path, { method: "POST", body: form });
	}
	catch (error) {
		throw new Error("“" + file.name + "” could not be sent: the server does not answer.");
	}
	if (!response.ok) {
		const problem = await response.json().catch(() => ({}));
		readLists().catch(() => { });
		throw new Error(problem.detail ?? "“" + file.name + "” was refused with status " + response.status + ".");
	}
}

function uploadAll(files) {
	document.getElementById("problems").replaceChildren();
	for (const file of files) {
		const sent = file.name.toLowerCase().endsWith(".csv") ? uploadImport(file) : uploadDocument(file);
		sent.catch((error) => report(error.message));
	}
}

function report(message) {
	const line = document.createElement("p");
	const text = document.createElement("span");
	const dismiss = document.createElement("button");
	text.textContent = message;
	dismiss.type = "button";
	dismiss.textContent = "×";
	dismiss.setAttribute("aria-label", "Dismiss");
	dismiss.addEventListener("click", () => line.remove());
	line.append(text, dismiss);
	document.getElementById("problems").append(line);
}

document.getElementById("choose").addEventListener("click", () => fileInput.click());
fileInput.addEventListener("change", () => {
	uploadAll([...fileInput.files]);
	fileInput.value = "";
});
for (const type of ["dragenter", "dragover"]) {
	document.addEventListener(type, (event) => {
		event.preventDefault();
		drop.classList.add("over");
	});
}
for (const type of ["dragleave", "drop"]) {
	document.addEventListener(type, (event) => {
		event.preventDefault();
		if (type === "drop" || !event.relatedTarget) {
			drop.classList.remove("over");
		}
	});
}
document.addEventListener("drop", (event) => uploadAll([...event.dataTransfer.files]));

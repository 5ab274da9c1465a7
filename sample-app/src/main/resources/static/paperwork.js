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

/* What changes: events that arrive while the list is being read come after it. */

let early = null;

async function readList() {
	early = [];
	try {
		const response = await fetch("/documents");
		if (!response.ok) {
			throw new Error("The list answered " + response.status);
		}
		const documents = await response.json();
		const known = new Set(documents.map((doc) => "document-" + doc.id));
		for (const row of [...list.children]) {
			if (!known.has(row.id)) {
				row.remove();
			}
		}
		documents.forEach((doc) => show(doc, true));
		document.getElementById("empty").hidden = documents.length > 0;
	}
	finally {
		early.forEach((doc) => show(doc, false));
		early = null;
	}
}

function connect() {
	const connection = document.getElementById("connection");
	const events = new EventSource("/documents/events");
	events.addEventListener("open", () => {
		connection.textContent = "";
		readList().catch(() => reconnect());
	});
	events.addEventListener("document", (event) => {
		const doc = JSON.parse(event.data);
		if (early) {
			early.push(doc);
		}
		else {
			show(doc, false);
		}
	});
	events.addEventListener("error", () => reconnect());

	function reconnect() {
		events.close();
		connection.textContent = "Connection lost, trying again…";
		setTimeout(connect, RECONNECT_MILLIS);
	}
}

/* Uploads */

async function upload(file) {
	if (!file.name.toLowerCase().endsWith(".docx")) {
		throw new Error("“" + file.name + "” is not a Word document: its name does not end with .docx.");
	}
	if (file.size > MAX_BYTES) {
		throw new Error("“" + file.name + "” is larger than 20 MB.");
	}
	const form = new FormData();
	form.append("file", file);
	let response;
	try {
		response = await fetch("/documents", { method: "POST", body: form });
	}
	catch (error) {
		throw new Error("“" + file.name + "” could not be sent: the server does not answer.");
	}
	if (!response.ok) {
		const problem = await response.json().catch(() => ({}));
		readList().catch(() => { });
		throw new Error(problem.detail ?? "“" + file.name + "” was refused with status " + response.status + ".");
	}
}

function uploadAll(files) {
	document.getElementById("problems").replaceChildren();
	for (const file of files) {
		upload(file).catch((error) => report(error.message));
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

connect();

"use strict";

const MAX_IMPORT_BYTES = 512 * 1024 * 1024;

const imports = document.getElementById("imports");
const importTemplate = document.getElementById("import-template");
const importInput = document.getElementById("import-file");
const chooseImport = document.getElementById("choose-import");

/* The list */

function showImport(one, atTheEnd) {
	let row = document.getElementById("import-" + one.id);
	if (!row) {
		row = importTemplate.content.firstElementChild.cloneNode(true);
		row.id = "import-" + one.id;
		row.querySelector(".resume").addEventListener("click", () => resume(row, one));
		if (atTheEnd) {
			imports.append(row);
		}
		else {
			imports.prepend(row);
		}
		document.getElementById("no-imports").hidden = true;
	}
	const part = (name) => row.querySelector("." + name);
	announce(one, row.dataset.state);
	row.dataset.state = one.state;
	part("badge").className = "badge " + one.state;
	part("badge").textContent = one.state;
	part("name").textContent = one.name;
	part("detail").textContent = importDetail(one);
	showResume(part("resume"), one);
	part("progress").hidden = one.state === "done" || one.state === "queued" && one.processed === 0;
	part("progress").max = Math.max(one.total, 1);
	part("progress").value = one.processed;
	part("progress").setAttribute("aria-label", "Progress of " + one.name);
	part("error").hidden = !one.error;
	part("error").textContent = one.error ?? "";
	part("failed-rows").hidden = one.failedRows === 0;
	part("failed-rows").textContent = count(one.failedRows, "malformed row") + " skipped";
}

function showResume(button, one) {
	const resumable = one.state === "interrupted" || one.state === "failed";
	// Whoever has just pressed it should not be sent back to the start of the page.
	if (!resumable && button === document.activeElement) {
		chooseImport.focus();
	}
	button.hidden = !resumable;
	button.removeAttribute("aria-disabled");
	button.setAttribute("aria-label", "Resume the import of " + one.name);
}

function importDetail(one) {
	const of = one.processed.toLocaleString("en") + " of " + count(one.total, "row");
	if (one.state === "done") {
		return count(one.total, "row") + slices(one);
	}
	if (one.state === "queued") {
		return one.processed > 0 ? of + ", waiting to go on" : count(one.total, "row") + ", waiting";
	}
	if (one.state !== "running") {
		return of + slices(one);
	}
	const rate = one.rate >= 1 ? ", " + count(Math.round(one.rate), "row") + "/s" : "";
	return of + rate + (one.remainingSeconds === undefined ? "" : ", " + remaining(one.remainingSeconds));
}

function count(number, what) {
	return number.toLocaleString("en") + " " + what + (number === 1 ? "" : "s");
}

function slices(one) {
	return one.slices > 1 ? " in " + one.slices + " slices" : "";
}

function remaining(seconds) {
	if (seconds < 60) {
		return seconds + " s left";
	}
	const minutes = Math.round(seconds / 60);
	return minutes < 60 ? minutes + " min left" : Math.floor(minutes / 60) + " h " + minutes % 60 + " min left";
}

// A change each second is too much to listen to: states are read out, numbers are not.
function announce(one, before) {
	if (before && before !== one.state) {
		document.getElementById("imports-said").textContent = one.name + ": " + one.state;
	}
}

async function resume(row, one) {
	const button = row.querySelector(".resume");
	// Not disabled: it would lose the focus.
	if (button.getAttribute("aria-disabled")) {
		return;
	}
	button.setAttribute("aria-disabled", "true");
	try {
		const response = await fetch("/imports/" + one.id + "/resume", { method: "POST" });
		if (!response.ok) {
			const problem = await response.json().catch(() => ({}));
			report(problem.detail ?? "“" + one.name + "” was refused with status " + response.status + ".");
			button.removeAttribute("aria-disabled");
		}
	}
	catch (error) {
		report("“" + one.name + "” could not be resumed: the server does not answer.");
		button.removeAttribute("aria-disabled");
	}
}

/* Uploads */

let uploads = 0;

function showUploads(change) {
	uploads += change;
	chooseImport.textContent = uploads > 0 ? "Uploading…" : "Import a CSV file…";
}

async function uploadImport(file) {
	if (file.size > MAX_IMPORT_BYTES) {
		throw new Error("“" + file.name + "” is larger than 512 MB.");
	}
	showUploads(1);
	try {
		await upload(file, "/imports");
	}
	finally {
		showUploads(-1);
	}
}

chooseImport.addEventListener("click", () => importInput.click());
importInput.addEventListener("change", () => {
	document.getElementById("problems").replaceChildren();
	for (const file of importInput.files) {
		uploadImport(file).catch((error) => report(error.message));
	}
	importInput.value = "";
});

connect();

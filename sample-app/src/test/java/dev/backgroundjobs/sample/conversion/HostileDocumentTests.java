package dev.backgroundjobs.sample.conversion;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

/**
 * Tests for files that are no Word documents, and for those that mean harm: each ends
 * with a reason a person understands, and opens nothing.
 */
class HostileDocumentTests {

	private static final DocxConverter converter = new DocxConverter();

	private static final String NOT_WORD = "This file is named .docx but is not a Word document: ";

	private static final String REFUSED = "This document is refused for safety: ";

	@TempDir
	Path directory;

	@ParameterizedTest
	@MethodSource
	void saysWhyAFileIsRefused(byte[] content, String reason) throws IOException {
		Path file = Files.write(this.directory.resolve("upload.docx"), content);
		assertThatExceptionOfType(UnreadableDocumentException.class).isThrownBy(() -> convert(file))
			.withMessage(reason);
	}

	static Stream<Arguments> saysWhyAFileIsRefused() throws IOException {
		byte[] good = DocxFile.withText("good").bytes();
		return Stream.of(
				argumentSet("text", bytes("Just text"),
						NOT_WORD + "it is not the zip archive that every .docx file is."),
				argumentSet("nothing", bytes(""), NOT_WORD + "it is not the zip archive that every .docx file is."),
				argumentSet("an old .doc", new byte[] { (byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0, 1, 2, 3 },
						NOT_WORD + "it is protected with a password, or an old .doc file; "
								+ "save it as .docx without a password."),
				argumentSet("half an upload", Arrays.copyOf(good, good.length / 2),
						NOT_WORD + "its zip archive is damaged."),
				argumentSet("another zip", zip("holiday.txt", "sun"), NOT_WORD + "it is a zip archive of other files."),
				argumentSet("a workbook",
						DocxFile.withText("x")
							.type("/word/document.xml",
									"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml")
							.bytes(),
						NOT_WORD + "it is a file of another Office application."),
				argumentSet("broken XML", DocxFile.withBody("<w:p><w:r></w:p>").bytes(),
						NOT_WORD + "its part word/document.xml is damaged at line 1."),
				argumentSet("a zip bomb", DocxFile.withText("x").part("bomb.bin", new byte[210 * 1024 * 1024]).bytes(),
						REFUSED + "it unpacks to more than 200 MB."),
				argumentSet("thousands of parts", manyParts(),
						REFUSED + "it holds 6004 files, more than the limit of 5000."),
				argumentSet("a name that leads out", DocxFile.withText("x").part("../../evil.xml", "<e/>").bytes(),
						REFUSED + "its archive holds a file whose name leads out of it."),
				argumentSet("a name twice", DocxFile.withText("x").part("WORD/Document.xml", "<e/>").bytes(),
						REFUSED + "its archive holds two files of the same name."),
				argumentSet("an external entity",
						DocxFile.withBody("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><x>&e;</x>")
							.bytes(),
						REFUSED + "its part word/document.xml has a DOCTYPE, which Word never writes."),
				argumentSet("entities that multiply",
						DocxFile.withText("x")
							.part("word/styles.xml",
									"<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><x>&b;</x>")
							.bytes(),
						REFUSED + "its part word/styles.xml has a DOCTYPE, which Word never writes."),
				argumentSet("XML under another name",
						DocxFile.withText("x").type("/word/styles.bin", "application/xml").bytes(),
						REFUSED + "its part /word/styles.bin is XML under another name."),
				argumentSet("deep nesting", DocxFile.withBody("<w:sdt>".repeat(300) + "</w:sdt>".repeat(300)).bytes(),
						REFUSED + "its contents are nested deeper than 150 levels."),
				argumentSet("a flood of elements", DocxFile.withBody("<w:p/>".repeat(400_000)).bytes(),
						REFUSED + "it has more than 150000 pieces of text and layout."),
				argumentSet("a wide cell", DocxFile
					.withBody("<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"50000000\"/></w:tcPr><w:p/></w:tc>"
							+ "</w:tr></w:tbl>")
					.bytes(), REFUSED + "a table cell spans more than 1000 columns."));
	}

	@Test
	void opensNothingOnTheNetwork() throws Exception {
		try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			String url = "http://127.0.0.1:" + server.getLocalPort() + "/";
			byte[] svg = bytes(
					"<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"9\" "
							+ "height=\"9\"><image xlink:href=\"" + url + "svg\" width=\"9\" height=\"9\"/></svg>");
			String linked = DocxFile.picture("r:link=\"remote\"");
			Path file = DocxFile
				.withBody(linked + DocxFile.picture("r:embed=\"svg\"") + "<w:p><w:r><w:pict><v:shape "
						+ "style=\"width:9pt;height:9pt\"><v:imagedata r:id=\"remote\"/></v:shape></w:pict></w:r></w:p>"
						+ "<w:p><w:fldSimple w:instr=\" INCLUDEPICTURE " + url + "field \"/></w:p>"
						+ DocxFile.paragraph("text"))
				.relationship("remote", "image", url + "image.png", true)
				.relationship("template", "attachedTemplate", url + "template.dotm", true)
				.relationship("styles", "styles", url + "styles.xml", true)
				.image("svg", "a.svg", svg)
				.header(linked)
				.part("word/_rels/header.xml.rels", "<Relationships "
						+ "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"remote\" "
						+ "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/image\" Target=\""
						+ url + "header.png\" TargetMode=\"External\"/></Relationships>")
				.writeTo(this.directory);
			assertThat(convert(file)).contains("1 image is missing in the PDF: in a format that cannot be drawn")
				.anyMatch((warning) -> warning.endsWith("linked from another place and not in the document"));
			server.setSoTimeout(1);
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(server::accept);
		}
	}

	@Test
	void opensNoFileOfTheMachine() throws Exception {
		Path secret = Files.copy(Path.of("src/main/resources/static/favicon.svg"),
				this.directory.resolve("secret.png"));
		Path file = DocxFile.withBody(DocxFile.picture("r:link=\"local\""))
			.relationship("local", "image", secret.toUri().toString(), true)
			.writeTo(this.directory);
		assertThat(convert(file))
			.containsExactly("1 image is missing in the PDF: linked from another place and not in the document");
	}

	@Test
	void leavesNoTemporaryFiles() throws Exception {
		Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
		List<Path> before = list(temporary);
		convert(Path.of("samples/welcome.docx"));
		// Other processes use the directory, too: web servers of tests above all.
		assertThat(list(temporary)).filteredOn((file) -> !file.getFileName().toString().startsWith("tomcat"))
			.isSubsetOf(before);
	}

	@Test
	void stopsWhenItsThreadIsInterruptedAndBlamesNotTheDocument() {
		try {
			assertThatExceptionOfType(Exception.class).isThrownBy(() -> converter
				.convert(Path.of("samples/welcome.docx"), this.directory.resolve("out.pdf"), (step) -> {
					if (step == 2) {
						Thread.currentThread().interrupt();
					}
				})).isNotInstanceOf(UnreadableDocumentException.class);
		}
		finally {
			assertThat(Thread.interrupted()).isTrue();
		}
	}

	private List<String> convert(Path file) throws Exception {
		return converter.convert(file, this.directory.resolve("out.pdf"), (step) -> {
		});
	}

	private static List<Path> list(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.toList();
		}
	}

	private static byte[] manyParts() {
		DocxFile file = DocxFile.withText("x");
		for (int i = 0; i < 6_000; i++) {
			file.part("part" + i, "");
		}
		return file.bytes();
	}

	private static byte[] zip(String name, String content) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
			zip.putNextEntry(new ZipEntry(name));
			zip.write(bytes(content));
		}
		return bytes.toByteArray();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}

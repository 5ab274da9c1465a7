package dev.backgroundjobs.sample.conversion;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes .docx files part by part, good ones and hostile ones.
 */
public final class DocxFile {

	private static final String NAMESPACES = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" "
			+ "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" "
			+ "xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" "
			+ "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" "
			+ "xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\" "
			+ "xmlns:v=\"urn:schemas-microsoft-com:vml\" "
			+ "xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\" "
			+ "xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\"";

	private static final String RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";

	private static final String WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.";

	private final Map<String, byte[]> parts = new LinkedHashMap<>();

	private final StringBuilder relationships = new StringBuilder();

	private final StringBuilder types = new StringBuilder();

	private String section = "";

	private boolean withSection = true;

	private DocxFile() {
	}

	/**
	 * Start a document with paragraphs and tables as WordprocessingML.
	 */
	public static DocxFile withBody(String body) {
		DocxFile file = new DocxFile();
		file.part("word/document.xml", body);
		return file;
	}

	/**
	 * Start a document with a paragraph for each text.
	 */
	public static DocxFile withText(String... texts) {
		StringBuilder body = new StringBuilder();
		for (String text : texts) {
			body.append(paragraph(text));
		}
		return withBody(body.toString());
	}

	static String paragraph(String text) {
		return "<w:p><w:r><w:t xml:space=\"preserve\">" + text + "</w:t></w:r></w:p>";
	}

	static String picture(String blip) {
		return "<w:p><w:r><w:drawing><wp:inline><wp:extent cx=\"900000\" cy=\"900000\"/><wp:docPr id=\"1\" name=\"p\"/>"
				+ "<a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic>"
				+ "<pic:nvPicPr><pic:cNvPr id=\"0\" name=\"p\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip "
				+ blip + "/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr/></pic:pic>"
				+ "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>";
	}

	DocxFile part(String name, String content) {
		return part(name, content.getBytes(StandardCharsets.UTF_8));
	}

	DocxFile part(String name, byte[] content) {
		this.parts.put(name, content);
		return this;
	}

	DocxFile withoutSection() {
		this.withSection = false;
		return this;
	}

	DocxFile header(String content) {
		return storyPart("header", "hdr", content, "<w:headerReference w:type=\"default\" r:id=\"header\"/>");
	}

	DocxFile footer(String content) {
		return storyPart("footer", "ftr", content, "<w:footerReference w:type=\"default\" r:id=\"footer\"/>");
	}

	DocxFile footnotes(String content) {
		return storyPart("footnotes", "footnotes", content, "");
	}

	DocxFile endnotes(String content) {
		return storyPart("endnotes", "endnotes", content, "");
	}

	private DocxFile storyPart(String name, String element, String content, String reference) {
		this.section += reference;
		type("/word/" + name + ".xml", WORD + name + "+xml");
		relationship(name, name, name + ".xml", false);
		return part("word/" + name + ".xml",
				"<w:" + element + " " + NAMESPACES + ">" + content + "</w:" + element + ">");
	}

	DocxFile image(String id, String fileName, byte[] content) {
		relationship(id, "image", "media/" + fileName, false);
		return part("word/media/" + fileName, content);
	}

	DocxFile relationship(String id, String type, String target, boolean external) {
		this.relationships.append("<Relationship Id=\"" + id + "\" Type=\"" + RELATIONSHIPS + type + "\" Target=\""
				+ target + "\"" + (external ? " TargetMode=\"External\"" : "") + "/>");
		return this;
	}

	DocxFile type(String partName, String contentType) {
		this.types.append("<Override PartName=\"" + partName + "\" ContentType=\"" + contentType + "\"/>");
		return this;
	}

	public byte[] bytes() {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
			write(zip, "[Content_Types].xml",
					("<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
							+ "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
							+ "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
							+ "<Default Extension=\"png\" ContentType=\"image/png\"/>"
							+ "<Default Extension=\"emf\" ContentType=\"image/x-emf\"/>"
							+ "<Default Extension=\"svg\" ContentType=\"image/svg+xml\"/>"
							+ "<Override PartName=\"/word/document.xml\" ContentType=\"" + WORD
							+ "document.main+xml\"/>" + this.types + "</Types>")
						.getBytes(StandardCharsets.UTF_8));
			write(zip, "_rels/.rels", relationships("<Relationship Id=\"main\" Type=\"" + RELATIONSHIPS
					+ "officeDocument\" Target=\"word/document.xml\"/>"));
			write(zip, "word/_rels/document.xml.rels", relationships(this.relationships.toString()));
			for (Map.Entry<String, byte[]> part : this.parts.entrySet()) {
				byte[] content = part.getValue();
				if (part.getKey().equals("word/document.xml")) {
					content = document(new String(content, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
				}
				write(zip, part.getKey(), content);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes.toByteArray();
	}

	Path writeTo(Path directory) throws IOException {
		return Files.write(Files.createTempFile(directory, "test", ".docx"), bytes());
	}

	private String document(String body) {
		if (body.startsWith("<!") || body.startsWith("<?")) {
			return body;
		}
		if (!this.withSection) {
			return "<w:document " + NAMESPACES + "><w:body>" + body + "</w:body></w:document>";
		}
		return "<w:document " + NAMESPACES + "><w:body>" + body + "<w:sectPr>" + this.section
				+ "<w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1440\" w:right=\"1440\" w:bottom=\"1440\" "
				+ "w:left=\"1440\" w:header=\"720\" w:footer=\"720\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>";
	}

	private static byte[] relationships(String relationships) {
		return ("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">" + relationships
				+ "</Relationships>")
			.getBytes(StandardCharsets.UTF_8);
	}

	private static void write(ZipOutputStream zip, String name, byte[] content) throws IOException {
		zip.putNextEntry(new ZipEntry(name));
		zip.write(content);
		zip.closeEntry();
	}

}

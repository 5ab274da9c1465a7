package dev.backgroundjobs.sample.conversion;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.imageio.ImageIO;

import jakarta.xml.bind.JAXBException;
import org.docx4j.XmlUtils;
import org.docx4j.dml.wordprocessingDrawing.Inline;
import org.docx4j.jaxb.Context;
import org.docx4j.openpackaging.exceptions.Docx4JException;
import org.docx4j.openpackaging.packages.WordprocessingMLPackage;
import org.docx4j.openpackaging.parts.WordprocessingML.BinaryPartAbstractImage;
import org.docx4j.openpackaging.parts.WordprocessingML.FooterPart;
import org.docx4j.openpackaging.parts.WordprocessingML.MainDocumentPart;
import org.docx4j.relationships.Relationship;
import org.docx4j.wml.Drawing;
import org.docx4j.wml.Ftr;
import org.docx4j.wml.HdrFtrRef;
import org.docx4j.wml.ObjectFactory;
import org.docx4j.wml.P;
import org.docx4j.wml.R;
import org.docx4j.wml.SectPr;
import org.docx4j.wml.Tbl;

/**
 * Writes {@code samples/welcome.docx}, the document that the sample ships. Run
 * {@link #main} from the module's directory after changing it.
 */
final class WelcomeDocument {

	private static final String NAMESPACES = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" "
			+ "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

	private static final List<List<String>> GREETINGS = List.of(List.of("Language", "Good day", "Script"),
			List.of("English", "Good day", "Latin"), List.of("Tiếng Việt", "Xin chào buổi sáng", "Latin"),
			List.of("Ελληνικά", "Καλημέρα", "Greek"), List.of("Русский", "Добрый день", "Cyrillic"),
			List.of("Українська", "Доброго дня", "Cyrillic"), List.of("Հայերեն", "Բարի օր", "Armenian"),
			List.of("ქართული", "გამარჯობა", "Georgian"));

	private static final String BORDERS = Stream.of("top", "left", "bottom", "right")
		.map((side) -> "<w:" + side + " w:val=\"single\" w:sz=\"6\" w:space=\"0\" w:color=\"B8C2D0\"/>")
		.collect(Collectors.joining());

	private WelcomeDocument() {
	}

	public static void main(String[] args) throws Exception {
		File file = new File("samples/welcome.docx");
		file.getParentFile().mkdirs();
		create().save(file);
	}

	static WordprocessingMLPackage create() throws Docx4JException, JAXBException, IOException {
		WordprocessingMLPackage document = WordprocessingMLPackage.createPackage();
		MainDocumentPart main = document.getMainDocumentPart();
		main.addStyledParagraphOfText("Title", "Welcome to Paperwork");
		main.getContent()
			.add(paragraph("", "This document became a PDF through ", "a background job",
					": the upload was stored, a message was sent, and a worker picked it up. "
							+ "Nothing was installed for it, not even a font."));
		main.addStyledParagraphOfText("Heading1", "Good day, many scripts");
		main.getContent().add(table());
		main.addStyledParagraphOfText("Heading1", "A picture");
		main.getContent().add(paragraph("", "Documents that waited, ran and were done, ", "hour by hour", ":"));
		main.getContent().add(picture(document));
		main.addStyledParagraphOfText("Heading1", "Κείμενο και текст");
		main.getContent()
			.add(paragraph("", "Η γρήγορη καφέ αλεπού πηδάει πάνω από τον τεμπέλη σκύλο. ",
					"Съешь же ещё этих мягких французских булок",
					", да выпей чаю. “Curly quotes”, a dash – and symbols: € ≤ → ✓ ☂."));
		addFooter(document);
		return document;
	}

	private static Object paragraph(String properties, String before, String bold, String after) throws JAXBException {
		return XmlUtils.unmarshalString("<w:p " + NAMESPACES + ">" + properties + run("", before)
				+ run("<w:rPr><w:b/></w:rPr>", bold) + run("", after) + "</w:p>");
	}

	private static String run(String properties, String text) {
		return "<w:r>" + properties + "<w:t xml:space=\"preserve\">" + text + "</w:t></w:r>";
	}

	private static Tbl table() throws JAXBException {
		StringBuilder rows = new StringBuilder();
		for (List<String> greeting : GREETINGS) {
			boolean head = rows.isEmpty();
			rows.append("<w:tr>");
			for (String cell : greeting) {
				rows.append(
						"<w:tc><w:tcPr><w:tcW w:w=\"3000\" w:type=\"dxa\"/><w:tcBorders>" + BORDERS + "</w:tcBorders>")
					.append(head ? "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"E6ECF5\"/>" : "")
					.append("</w:tcPr><w:p><w:pPr><w:spacing w:before=\"60\" w:after=\"60\"/></w:pPr>")
					.append(run(head ? "<w:rPr><w:b/></w:rPr>" : "", cell))
					.append("</w:p></w:tc>");
			}
			rows.append("</w:tr>");
		}
		return (Tbl) XmlUtils.unmarshalString("<w:tbl " + NAMESPACES + "><w:tblPr><w:tblW w:w=\"9000\" w:type=\"dxa\"/>"
				+ "<w:tblBorders>" + BORDERS + "</w:tblBorders><w:tblCellMar><w:left w:w=\"110\" w:type=\"dxa\"/>"
				+ "<w:right w:w=\"110\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr>"
				+ "<w:tblGrid><w:gridCol w:w=\"3000\"/><w:gridCol w:w=\"3000\"/><w:gridCol w:w=\"3000\"/></w:tblGrid>"
				+ rows + "</w:tbl>");
	}

	private static P picture(WordprocessingMLPackage document) throws IOException {
		ByteArrayOutputStream png = new ByteArrayOutputStream();
		ImageIO.write(chart(), "png", png);
		try {
			Inline inline = BinaryPartAbstractImage.createImagePart(document, png.toByteArray())
				.createImageInline("chart.png", "Bars that grow and shrink", 1, 2, 6200, false);
			ObjectFactory factory = Context.getWmlObjectFactory();
			Drawing drawing = factory.createDrawing();
			drawing.getAnchorOrInline().add(inline);
			R run = factory.createR();
			run.getContent().add(drawing);
			P paragraph = factory.createP();
			paragraph.getContent().add(run);
			return paragraph;
		}
		catch (Exception ex) {
			throw new IOException(ex);
		}
	}

	private static BufferedImage chart() {
		BufferedImage image = new BufferedImage(960, 300, BufferedImage.TYPE_INT_RGB);
		Graphics2D graphics = image.createGraphics();
		graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
		graphics.setColor(Color.WHITE);
		graphics.fillRect(0, 0, 960, 300);
		Color[] colors = { new Color(0x9DB4D6), new Color(0xE0A458), new Color(0x4F8A6B) };
		for (int hour = 0; hour < 12; hour++) {
			double height = 90 + 70 * Math.sin(hour / 1.9) + 40 * Math.cos(hour * 1.3);
			for (int bar = 0; bar < 3; bar++) {
				double value = Math.max(24, height * (0.6 + 0.35 * bar));
				graphics.setColor(colors[bar]);
				graphics.fill(new RoundRectangle2D.Double(20 + hour * 78 + bar * 21, 280 - value, 17, value, 6, 6));
			}
		}
		graphics.setColor(new Color(0xB8C2D0));
		graphics.fillRect(12, 280, 936, 3);
		graphics.dispose();
		return image;
	}

	private static void addFooter(WordprocessingMLPackage document) throws Docx4JException, JAXBException {
		FooterPart footer = new FooterPart();
		footer.setPackage(document);
		footer.setContents((Ftr) XmlUtils.unmarshalString("<w:ftr " + NAMESPACES
				+ "><w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr>" + run("", "Paperwork · σελίδα\u00A0")
				+ "<w:fldSimple w:instr=\" PAGE \">" + run("", "1") + "</w:fldSimple></w:p></w:ftr>"));
		Relationship relationship = document.getMainDocumentPart().addTargetPart(footer);
		SectPr section = document.getDocumentModel().getSections().get(0).getSectPr();
		var reference = Context.getWmlObjectFactory().createFooterReference();
		reference.setId(relationship.getId());
		reference.setType(HdrFtrRef.DEFAULT);
		section.getEGHdrFtrReferences().add(reference);
	}

}

package dev.backgroundjobs.sample.conversion;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import javax.imageio.ImageIO;

import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DocxConverter}. What a test reads is what the PDF says.
 */
class DocxConverterTests {

	private static final DocxConverter converter = new DocxConverter();

	private static final Path WELCOME = Path.of("samples/welcome.docx");

	@TempDir
	Path directory;

	@Test
	void readsTheWordsOfTheShippedDocumentBackOutOfThePdf() throws Exception {
		Conversion conversion = convert(WELCOME);
		assertThat(conversion.warnings()).isEmpty();
		assertThat(conversion.text())
			.contains("Welcome to Paperwork", "Good day, many scripts", "Language", "Xin chào buổi sáng", "Καλημέρα",
					"Добрый день", "Доброго дня", "Բարի օր", "გამარჯობა", "Κείμενο και текст", "“Curly quotes”",
					"€ ≤ → ✓ ☂", "σελίδα")
			.doesNotContain("#");
		assertThat(conversion.images()).isEqualTo(1);
		assertThat(conversion.pages()).isEqualTo(1);
	}

	@Test
	void drawsWithBundledFontsOnlyAndBoldWithBoldOnes() throws Exception {
		Conversion conversion = convert(WELCOME);
		assertThat(conversion.fonts()).anyMatch((font) -> font.contains("Carlito-Bold"))
			.anyMatch((font) -> font.endsWith("+Carlito-Regular"))
			.anyMatch((font) -> font.contains("DejaVuSerif"))
			.allMatch((font) -> font.startsWith("embedded "));
	}

	@Test
	void keepsTheCellsOfATableInOrder() throws Exception {
		assertThat(convert(WELCOME).text()).containsSubsequence("Language", "Script", "English", "Latin", "Ελληνικά",
				"Greek", "Русский", "Cyrillic");
	}

	@Test
	void tellsTheProgressStepByStep() throws Exception {
		List<Integer> steps = new ArrayList<>();
		converter.convert(WELCOME, this.directory.resolve("steps.pdf"), steps::add);
		assertThat(steps).containsExactly(1, 2, 3, 4);
	}

	@Test
	void warnsOfCharactersThatNoFontDraws() throws Exception {
		Conversion conversion = convert(DocxFile.withText("Paper: 紙の書類, 문서, done", "ok 🦖"));
		assertThat(conversion.warnings()).containsExactly(
				"3 Han characters cannot be drawn with the bundled fonts and appear as #",
				"2 Hangul characters cannot be drawn with the bundled fonts and appear as #",
				"1 Hiragana character cannot be drawn with the bundled fonts and appears as #",
				"1 symbol or emoji character cannot be drawn with the bundled fonts and appears as #");
		assertThat(conversion.text()).contains("Paper: ####", "done");
	}

	@Test
	void warnsOfCharactersWhereverTheyAre() throws Exception {
		Conversion conversion = convert(DocxFile
			.withBody("<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w=\"3000\"/></w:tblGrid><w:tr><w:tc><w:tcPr>"
					+ "<w:tcW w:w=\"3000\" w:type=\"dxa\"/></w:tcPr>" + DocxFile.paragraph("cell 表")
					+ "</w:tc></w:tr></w:tbl>"
					+ "<w:p><w:r><w:t>body 本</w:t></w:r><w:r><w:footnoteReference w:id=\"1\"/></w:r></w:p>"
					+ "<w:p><w:r><w:pict><v:shape style=\"width:100pt;height:40pt\"><v:textbox><w:txbxContent>"
					+ DocxFile.paragraph("box 箱") + "</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>")
			.header(DocxFile.paragraph("header 上"))
			.footer(DocxFile.paragraph("footer 下"))
			.footnotes("<w:footnote w:type=\"separator\" w:id=\"-1\"><w:p/></w:footnote>"
					+ "<w:footnote w:type=\"continuationSeparator\" w:id=\"0\"><w:p/></w:footnote>"
					+ "<w:footnote w:id=\"1\">" + DocxFile.paragraph("note 注") + "</w:footnote>"));
		assertThat(conversion.text()).contains("cell #", "body #", "box #", "header #", "footer #", "note #");
		assertThat(conversion.warnings()).containsExactly(
				"6 Han characters cannot be drawn with the bundled fonts and appear as #",
				"1 text box is set as ordinary paragraphs");
	}

	@Test
	void losesNoTextOfBoxesAndNotes() throws Exception {
		Conversion conversion = convert(DocxFile.withBody(
				"<w:p><w:r><w:t>before</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing>"
						+ "<wp:inline><a:graphic><a:graphicData uri=\"x\"><wps:wsp><wps:txbx><w:txbxContent>"
						+ DocxFile.paragraph("in the box")
						+ "</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic>"
						+ "</wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>"
						+ DocxFile.paragraph("in the box")
						+ "</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback>"
						+ "</mc:AlternateContent></w:r><w:r><w:endnoteReference w:id=\"1\"/></w:r></w:p>"
						+ DocxFile.paragraph("after"))
			.endnotes("<w:endnote w:type=\"separator\" w:id=\"0\"><w:p/></w:endnote><w:endnote w:id=\"1\">"
					+ DocxFile.paragraph("at the end") + "</w:endnote>"));
		assertThat(conversion.text()).containsSubsequence("before", "in the box", "after", "at the end")
			.containsOnlyOnce("in the box");
	}

	@Test
	void warnsOfContentsThatAreNotDrawn() throws Exception {
		Conversion conversion = convert(DocxFile
			.withBody("<w:p><m:oMath xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\"><m:r><m:t>x"
					+ "</m:t></m:r></m:oMath></w:p>" + DocxFile.paragraph("text")));
		assertThat(conversion.text()).contains("text");
		assertThat(conversion.warnings()).containsExactly("1 formula is missing in the PDF");
	}

	@Test
	void drawsEachCharacterOfAMixedWordWithAFontThatHasIt() throws Exception {
		Conversion conversion = convert(DocxFile.withText("aԱბЖΩא✓z e\u0301 soft\u00ADhyphen joi\u200Dner"));
		assertThat(conversion.warnings()).isEmpty();
		assertThat(conversion.text()).contains("aԱბЖΩ").doesNotContain("#");
	}

	@Test
	void drawsTheSymbolsOfWordsSymbolFonts() throws Exception {
		Conversion conversion = convert(DocxFile
			.withBody("<w:p><w:r><w:sym w:font=\"Wingdings\" w:char=\"F0FC\"/></w:r><w:r><w:t> ticked</w:t></w:r></w:p>"
					+ "<w:p><w:r><w:rPr><w:rFonts w:ascii=\"Symbol\" w:hAnsi=\"Symbol\"/></w:rPr><w:t>a</w:t></w:r></w:p>"));
		assertThat(conversion.text()).containsPattern("[✓✔🗸] ticked").contains("α");
		assertThat(conversion.warnings()).isEmpty();
	}

	@Test
	void leavesRoomForAHighHeader() throws Exception {
		StringBuilder header = new StringBuilder();
		for (int line = 1; line <= 12; line++) {
			header.append(DocxFile.paragraph("header line " + line));
		}
		Conversion conversion = convert(DocxFile.withText("the body").header(header.toString()));
		assertThat(conversion.text()).containsSubsequence("header line 1", "header line 12", "the body");
		assertThat(conversion.pages()).isEqualTo(1);
	}

	@Test
	void convertsADocumentThatSaysNothingOfItsPages() throws Exception {
		Conversion conversion = convert(DocxFile.withText("text").withoutSection());
		assertThat(conversion.text()).contains("text");
		assertThat(conversion.pages()).isEqualTo(1);
	}

	@Test
	void leavesOutWithAWarningWhatItCannotDraw() throws Exception {
		Conversion conversion = convert(DocxFile
			.withBody(DocxFile.picture("r:embed=\"emf\"") + DocxFile.picture("r:embed=\"broken\"")
					+ DocxFile.picture("r:embed=\"huge\"") + DocxFile.paragraph("text"))
			.image("emf", "a.emf", new byte[] { 1, 0, 0, 0, 88, 0, 0, 0 })
			.image("broken", "b.png", new byte[] { (byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0 })
			.image("huge", "c.png", pngWithHeader(60_000, 60_000)));
		assertThat(conversion.text()).contains("text");
		assertThat(conversion.warnings()).containsExactly("1 image is missing in the PDF: damaged",
				"1 image is missing in the PDF: in a format that cannot be drawn",
				"1 image is missing in the PDF: of more than 50 megapixels");
	}

	private static byte[] pngWithHeader(int width, int height) throws IOException {
		ByteArrayOutputStream png = new ByteArrayOutputStream();
		ImageIO.write(new java.awt.image.BufferedImage(1, 1, java.awt.image.BufferedImage.TYPE_BYTE_BINARY), "png",
				png);
		byte[] bytes = png.toByteArray();
		java.nio.ByteBuffer.wrap(bytes).putInt(16, width).putInt(20, height);
		return bytes;
	}

	private Conversion convert(DocxFile file) throws Exception {
		return convert(file.writeTo(this.directory));
	}

	private Conversion convert(Path docx) throws Exception {
		Path pdf = this.directory.resolve("out.pdf");
		List<String> warnings = converter.convert(docx, pdf, (step) -> {
		});
		try (PDDocument document = Loader.loadPDF(pdf.toFile())) {
			return new Conversion(warnings, new PDFTextStripper().getText(document), document.getNumberOfPages(),
					countImages(document), fonts(document));
		}
	}

	private static int countImages(PDDocument document) throws IOException {
		int images = 0;
		for (PDPage page : document.getPages()) {
			for (COSName name : page.getResources().getXObjectNames()) {
				images += page.getResources().isImageXObject(name) ? 1 : 0;
			}
		}
		return images;
	}

	private static List<String> fonts(PDDocument document) throws IOException {
		List<String> fonts = new ArrayList<>();
		for (PDPage page : document.getPages()) {
			for (COSName name : page.getResources().getFontNames()) {
				PDFont font = page.getResources().getFont(name);
				fonts.add((font.isEmbedded() ? "embedded " : "not embedded ") + font.getName());
			}
		}
		return fonts;
	}

	private record Conversion(List<String> warnings, String text, int pages, int images, List<String> fonts) {
	}

}

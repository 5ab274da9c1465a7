package dev.backgroundjobs.sample.conversion;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

import javax.imageio.ImageIO;

import org.docx4j.Docx4J;
import org.docx4j.convert.out.FOSettings;
import org.docx4j.convert.out.fopconf.Fop;
import org.docx4j.openpackaging.exceptions.Docx4JException;
import org.docx4j.openpackaging.packages.OpcPackage;
import org.docx4j.openpackaging.packages.WordprocessingMLPackage;
import org.xml.sax.SAXException;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.stereotype.Component;

/**
 * Converts a .docx file to a PDF, in pure Java. Safe for use by several threads.
 */
@Component
class DocxConverter {

	/**
	 * Number of steps that progress is counted in.
	 */
	static final int STEPS = 4;

	static {
		// FOP would leave a temporary file behind for every image.
		ImageIO.setUseCache(false);
	}

	private final DocxInspector inspector = new DocxInspector();

	private final BundledFonts fonts = new BundledFonts();

	private final BundledFontMapper fontMapper = new BundledFontMapper(this.fonts);

	/**
	 * Convert a file.
	 * @param docx the file
	 * @param pdf where to write; the file must not be read before this method returns
	 * @param progress told after each step how many are done
	 * @return what the PDF lacks, in sentences for the user
	 * @throws UnreadableDocumentException when the file will never become a PDF
	 * @throws IOException when reading or writing fails
	 * @throws Docx4JException when the layout fails
	 */
	List<String> convert(Path docx, Path pdf, IntConsumer progress)
			throws UnreadableDocumentException, IOException, Docx4JException {
		List<String> missing = this.inspector.inspect(docx);
		progress.accept(1);
		try {
			WordprocessingMLPackage document = read(docx);
			progress.accept(2);
			List<String> warnings = write(document, pdf, () -> progress.accept(3));
			progress.accept(STEPS);
			return Stream.concat(warnings.stream(), missing.stream()).toList();
		}
		catch (Docx4JException | RuntimeException ex) {
			if (NestedExceptionUtils.getMostSpecificCause(ex) instanceof RuntimeException
					&& !Thread.currentThread().isInterrupted()) {
				// Neither memory nor a disk: the same would happen every time.
				throw new UnreadableDocumentException("This document holds something the converter cannot lay out.",
						ex);
			}
			throw ex;
		}
		catch (StackOverflowError ex) {
			throw new UnreadableDocumentException("This document is nested too deeply to be converted.", ex);
		}
	}

	private WordprocessingMLPackage read(Path docx) throws UnreadableDocumentException {
		try {
			if (OpcPackage.load(docx.toFile()) instanceof WordprocessingMLPackage document
					&& document.getMainDocumentPart() != null) {
				return document;
			}
		}
		catch (Docx4JException | RuntimeException ex) {
			throw DocxInspector.notAWordDocument("its contents are damaged", ex);
		}
		throw DocxInspector.notAWordDocument("it is a file of another Office application", null);
	}

	private List<String> write(WordprocessingMLPackage document, Path pdf, Runnable whenLaidOut)
			throws IOException, Docx4JException {
		List<String> differences = DocumentPreparation.prepare(document);
		document.setFontMapper(this.fontMapper);
		DocumentImages images = new DocumentImages();
		PageMargins margins = new PageMargins(document.getDocumentModel().getSections());
		PdfRenderer renderer = renderer(images, margins, whenLaidOut);
		FOSettings settings = new FOSettings();
		settings.setFopConfig(new Fop());
		settings.setOpcPackage(document);
		settings.setImageHandler(images);
		// PageMargins does this instead.
		settings.setLayoutMasterSetCalculationInProgress(true);
		settings.setCustomFoRenderer(renderer);
		try (OutputStream out = new InterruptibleOutputStream(Files.newOutputStream(pdf))) {
			Docx4J.toFO(settings, out, Docx4J.FLAG_EXPORT_PREFER_XSL);
		}
		return Stream.of(renderer.missing().warnings(), images.warnings(), differences.stream())
			.flatMap(Function.identity())
			.toList();
	}

	private PdfRenderer renderer(DocumentImages images, PageMargins margins, Runnable whenLaidOut) throws IOException {
		try {
			return new PdfRenderer(this.fonts, images, margins, whenLaidOut);
		}
		catch (SAXException ex) {
			throw new IllegalStateException("FOP refuses its configuration", ex);
		}
	}

}

package dev.backgroundjobs.sample.conversion;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParser;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.transform.Source;
import javax.xml.transform.sax.SAXSource;
import javax.xml.transform.stream.StreamSource;

import org.apache.fop.apps.FOUserAgent;
import org.apache.fop.apps.FopConfParser;
import org.apache.fop.apps.FopFactory;
import org.apache.fop.apps.FormattingResults;
import org.apache.fop.apps.MimeConstants;
import org.docx4j.convert.out.FOSettings;
import org.docx4j.convert.out.fo.PlaceholderReplacementHandler.PlaceholderLookup;
import org.docx4j.convert.out.fo.renderers.FORendererApacheFOP;
import org.docx4j.openpackaging.exceptions.Docx4JException;
import org.jspecify.annotations.Nullable;
import org.xml.sax.SAXException;
import org.xml.sax.XMLFilter;

/**
 * Renders one document with FOP, which sees nothing but the bundled fonts and the
 * document's own images.
 */
class PdfRenderer extends FORendererApacheFOP {

	private final BundledFonts fonts;

	private final DocumentImages images;

	private final FopFactory fopFactory;

	private final MissingCharacters missing = new MissingCharacters();

	private final PageMargins margins;

	private final Runnable beforeRendering;

	PdfRenderer(BundledFonts fonts, DocumentImages images, PageMargins margins, Runnable beforeRendering)
			throws IOException, SAXException {
		this.fonts = fonts;
		this.images = images;
		this.margins = margins;
		this.beforeRendering = beforeRendering;
		byte[] configuration = configuration().getBytes(StandardCharsets.UTF_8);
		this.fopFactory = new FopConfParser(new ByteArrayInputStream(configuration), URI.create("document:/"),
				new ConversionResources(images))
			.getFopFactoryBuilder()
			.build();
	}

	/**
	 * Return the characters that the PDF lacks.
	 * @return the characters, complete after rendering
	 */
	MissingCharacters missing() {
		return this.missing;
	}

	@Override
	public void render(String foDocument, FOSettings settings, boolean twoPass,
			List<SectionPageInformation> pageNumbers, OutputStream out) throws Docx4JException {
		this.beforeRendering.run();
		settings.getSettings().put(FOP_FACTORY, this.fopFactory);
		measure(foDocument);
		super.render(foDocument, settings, twoPass, pageNumbers, out);
	}

	private void measure(String foDocument) throws Docx4JException {
		Source fo = new StreamSource(new StringReader(foDocument));
		ByteArrayOutputStream areaTree = new ByteArrayOutputStream();
		try {
			XMLFilter headersAndFooters = this.margins
				.measuring(new DrawableText(parser().getXMLReader(), this.fonts, this.images, new MissingCharacters()));
			super.render(this.fopFactory, null, MimeConstants.MIME_FOP_AREA_TREE, source(headersAndFooters, fo), null,
					areaTree);
			parser().parse(new ByteArrayInputStream(areaTree.toByteArray()), this.margins.measured());
		}
		catch (SAXException | IOException ex) {
			throw new Docx4JException("The headers and footers cannot be measured", ex);
		}
	}

	@Override
	protected FormattingResults calcResults(FopFactory fopFactory, String outputFormat, Source fo,
			PlaceholderLookup placeholders) throws Docx4JException {
		return super.calcResults(fopFactory, outputFormat, drawable(fo, new MissingCharacters()), placeholders);
	}

	@Override
	protected void render(FopFactory fopFactory, @Nullable FOUserAgent userAgent, String outputFormat, Source fo,
			@Nullable PlaceholderLookup placeholders, OutputStream out) throws Docx4JException {
		super.render(fopFactory, userAgent, outputFormat, drawable(fo, this.missing), placeholders, out);
	}

	private Source drawable(Source fo, MissingCharacters missing) throws Docx4JException {
		try {
			XMLFilter withMargins = this.margins.applying(parser().getXMLReader());
			return source(new DrawableText(withMargins, this.fonts, this.images, missing), fo);
		}
		catch (SAXException ex) {
			throw new Docx4JException("The document cannot be prepared for FOP", ex);
		}
	}

	private static SAXSource source(XMLFilter filter, Source fo) {
		return new SAXSource(filter, SAXSource.sourceToInputSource(fo));
	}

	private static SAXParser parser() throws SAXException {
		try {
			SAXParserFactory factory = SAXParserFactory.newDefaultNSInstance();
			factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
			return factory.newSAXParser();
		}
		catch (ParserConfigurationException ex) {
			throw new SAXException(ex);
		}
	}

	private static String configuration() {
		StringBuilder xml = new StringBuilder(
				"<fop version='1.0'><strict-validation>false</strict-validation>" + "<renderers>");
		appendRenderer(xml, MimeConstants.MIME_PDF);
		appendRenderer(xml, MimeConstants.MIME_FOP_AREA_TREE);
		return xml.append("</renderers></fop>").toString();
	}

	private static void appendRenderer(StringBuilder xml, String mime) {
		xml.append("<renderer mime='").append(mime).append("'><fonts>");
		for (FontFamily family : FontFamily.values()) {
			for (int style = 0; style < 4; style++) {
				boolean bold = (style & 1) != 0;
				boolean italic = (style & 2) != 0;
				xml.append("<font kerning='yes' embed-url='")
					.append(ConversionResources.fontUri(family.resource(bold, italic)))
					.append("'><font-triplet name='")
					.append(family.familyName())
					.append("' style='")
					.append(italic ? "italic" : "normal")
					.append("' weight='")
					.append(bold ? "bold" : "normal")
					.append("'/></font>");
			}
		}
		xml.append("</fonts></renderer>");
	}

}

package dev.backgroundjobs.sample.conversion;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.XMLReader;
import org.xml.sax.helpers.AttributesImpl;
import org.xml.sax.helpers.XMLFilterImpl;

/**
 * Gives each piece of text in an XSL-FO document a bundled font that can draw it, and
 * counts what none can draw. Images without an address get one too. Left alone, FOP takes
 * one font for a run of text and draws {@code #} for whatever that font lacks.
 */
class DrawableText extends XMLFilterImpl {

	private static final String FO = "http://www.w3.org/1999/XSL/Format";

	private static final String FONT_FAMILY = "font-family";

	// Stands in for Calibri, Word's own default.
	private static final FontFamily DEFAULT = FontFamily.CARLITO;

	private final BundledFonts fonts;

	private final DocumentImages images;

	private final MissingCharacters missing;

	private final Deque<Style> styles = new ArrayDeque<>();

	private final StringBuilder text = new StringBuilder();

	private @Nullable RepeatedText repeated;

	private final Set<String> counted = new HashSet<>();

	private int imagesWithoutSource;

	DrawableText(XMLReader parent, BundledFonts fonts, DocumentImages images, MissingCharacters missing) {
		super(parent);
		this.images = images;
		this.fonts = fonts;
		this.missing = missing;
		this.styles.push(new Style(DEFAULT, false, false));
	}

	@Override
	public void startElement(String uri, String localName, String qName, Attributes attributes) throws SAXException {
		flush();
		if (Thread.currentThread().isInterrupted()) {
			throw new SAXException("The conversion was interrupted");
		}
		if (localName.equals("static-content")) {
			this.repeated = new RepeatedText();
		}
		Style style = this.styles.element().with(attributes);
		this.styles.push(style);
		AttributesImpl changed = withFamily(localName, attributes, style.family());
		if (localName.equals("external-graphic") && attributes.getValue("src") == null) {
			changed.addAttribute("", "src", "src", "CDATA", this.images.withoutSource(++this.imagesWithoutSource));
		}
		super.startElement(uri, localName, qName, changed);
	}

	@Override
	public void endElement(String uri, String localName, String qName) throws SAXException {
		flush();
		this.styles.pop();
		if (localName.equals("static-content") && this.repeated != null) {
			if (this.counted.add(this.repeated.text.toString())) {
				this.missing.addAll(this.repeated.missing);
			}
			this.repeated = null;
		}
		super.endElement(uri, localName, qName);
	}

	@Override
	public void characters(char[] characters, int start, int length) {
		this.text.append(characters, start, length);
	}

	@Override
	public void ignorableWhitespace(char[] characters, int start, int length) {
		this.text.append(characters, start, length);
	}

	private void flush() throws SAXException {
		if (this.text.isEmpty()) {
			return;
		}
		String run = this.text.toString();
		this.text.setLength(0);
		if (this.repeated != null) {
			this.repeated.text.append(run).append('\n');
		}
		Style style = this.styles.element();
		FontFamily current = style.family();
		StringBuilder piece = new StringBuilder();
		for (int i = 0; i < run.length();) {
			int codePoint = run.codePointAt(i);
			i += Character.charCount(codePoint);
			FontFamily family = familyFor(codePoint, current, style);
			if (family == null) {
				if (isInvisible(codePoint)) {
					continue;
				}
				count(codePoint);
				family = current;
			}
			if (family != current) {
				write(piece, current, style);
				current = family;
			}
			piece.appendCodePoint(codePoint);
		}
		write(piece, current, style);
	}

	private @Nullable FontFamily familyFor(int codePoint, FontFamily current, Style style) {
		if (Character.isWhitespace(codePoint)) {
			return current;
		}
		// An accent stays with its letter.
		boolean mark = Character.getType(codePoint) == Character.NON_SPACING_MARK;
		return this.fonts.familyFor(codePoint, mark ? current : style.family(), style.bold(), style.italic());
	}

	private void count(int codePoint) {
		((this.repeated != null) ? this.repeated.missing : this.missing).add(codePoint);
	}

	private void write(StringBuilder piece, FontFamily family, Style style) throws SAXException {
		if (piece.isEmpty()) {
			return;
		}
		char[] characters = piece.toString().toCharArray();
		piece.setLength(0);
		if (family == style.family()) {
			super.characters(characters, 0, characters.length);
			return;
		}
		AttributesImpl attributes = new AttributesImpl();
		attributes.addAttribute("", FONT_FAMILY, FONT_FAMILY, "CDATA", family.familyName());
		super.startElement(FO, "inline", "fo:inline", attributes);
		super.characters(characters, 0, characters.length);
		super.endElement(FO, "inline", "fo:inline");
	}

	private static AttributesImpl withFamily(String element, Attributes attributes, FontFamily family) {
		int index = attributes.getIndex(FONT_FAMILY);
		AttributesImpl changed = new AttributesImpl(attributes);
		if (index >= 0) {
			changed.setValue(index, family.familyName());
		}
		else if (element.equals("root")) {
			changed.addAttribute("", FONT_FAMILY, FONT_FAMILY, "CDATA", family.familyName());
		}
		return changed;
	}

	// Joiners, direction marks, soft hyphens, variation selectors: nothing to see, so
	// nothing is missing.
	private static boolean isInvisible(int codePoint) {
		return switch (Character.getType(codePoint)) {
			case Character.FORMAT, Character.CONTROL -> true;
			default -> (codePoint >= 0xFE00 && codePoint <= 0xFE0F) || (codePoint >= 0xE0100 && codePoint <= 0xE01EF);
		};
	}

	/**
	 * What an element says about its font, or inherits.
	 */
	private record Style(FontFamily family, boolean bold, boolean italic) {

		Style with(Attributes attributes) {
			String family = attributes.getValue(FONT_FAMILY);
			String weight = attributes.getValue("font-weight");
			String style = attributes.getValue("font-style");
			return new Style((family != null) ? FontFamily.of(family) : this.family,
					(weight != null) ? isBold(weight) : this.bold,
					(style != null) ? style.equals("italic") || style.equals("oblique") : this.italic);
		}

		private static boolean isBold(String weight) {
			return weight.equals("bold") || weight.matches("[6-9]00");
		}

	}

	/**
	 * A header or footer, which XSL-FO repeats for each section.
	 */
	private static final class RepeatedText {

		private final StringBuilder text = new StringBuilder();

		private final MissingCharacters missing = new MissingCharacters();

	}

}

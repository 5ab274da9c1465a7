package dev.backgroundjobs.sample.conversion;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;

import org.docx4j.fonts.Mapper;
import org.docx4j.fonts.PhysicalFont;
import org.docx4j.fonts.PhysicalFonts;
import org.docx4j.wml.Fonts;

/**
 * Maps every font name of a document to a bundled font. The mappers of docx4j look at the
 * machine's fonts as soon as their classes are loaded; this one stands in their place.
 */
class BundledFontMapper extends Mapper {

	// docx4j asks for these by name, past the mapper, when it looks for a symbol's glyph.
	private static final List<String> ASKED_FOR_BY_NAME = List.of("Calibri", "Calibri Light", "Cambria", "Arial",
			"Times New Roman", "Courier New", "DejaVu Serif", "Noto Sans Symbols Regular",
			"Noto Sans Symbols 2 Regular");

	private final BundledFonts fonts;

	BundledFontMapper(BundledFonts fonts) {
		this.fonts = fonts;
		synchronized (BundledFontMapper.class) {
			for (String name : ASKED_FOR_BY_NAME) {
				if (PhysicalFonts.get(name) == null) {
					PhysicalFonts.put(name, fonts.regular(FontFamily.of(name)));
				}
			}
		}
	}

	@Override
	public PhysicalFont get(String fontName) {
		// Asked for each piece of text: the one place to stop docx4j, which does not look
		// itself.
		if (Thread.currentThread().isInterrupted()) {
			throw new CancellationException("The conversion was interrupted");
		}
		return this.fonts.regular(FontFamily.of(fontName));
	}

	@Override
	public void put(String fontName, PhysicalFont font) {
		// The superclass keeps one map for all documents of the process.
	}

	@Override
	public void populateFontMappings(Set<String> fontNames, Fonts wmlFonts) {
		// Every name is mapped when it is asked for.
	}

}

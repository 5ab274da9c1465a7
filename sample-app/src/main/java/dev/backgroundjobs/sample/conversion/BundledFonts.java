package dev.backgroundjobs.sample.conversion;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.docx4j.fonts.PhysicalFont;
import org.docx4j.fonts.PhysicalFonts;
import org.docx4j.fonts.fop.apps.io.InternalResourceResolver;
import org.docx4j.fonts.fop.fonts.MultiByteFont;
import org.docx4j.fonts.fop.fonts.Typeface;
import org.jspecify.annotations.Nullable;

/**
 * The fonts that come with the build; the machine's own are never looked at, so that a
 * document looks the same everywhere.
 */
final class BundledFonts {

	private static final InternalResourceResolver RESOLVER = new InternalResourceResolver(
			ConversionResources.fontUri(""), new ConversionResources(new DocumentImages()));

	private final Map<Face, PhysicalFont> faces = new ConcurrentHashMap<>();

	/**
	 * Return a family's regular face under the family's name.
	 * @param family the family
	 * @return what docx4j calls a physical font
	 */
	PhysicalFont regular(FontFamily family) {
		return face(new Face(family, false, false));
	}

	/**
	 * Find the family that draws a code point in the wanted style.
	 * @param codePoint the code point
	 * @param preferred the family to use if it can
	 * @param bold whether in bold
	 * @param italic whether in italics
	 * @return the family, or {@code null} when no bundled font can draw it
	 */
	@Nullable FontFamily familyFor(int codePoint, FontFamily preferred, boolean bold, boolean italic) {
		for (FontFamily family : preferred.andItsSubstitutes()) {
			if (canDraw(codePoint, new Face(family, bold, italic))) {
				return family;
			}
		}
		return null;
	}

	private boolean canDraw(int codePoint, Face face) {
		Typeface typeface = face(face).getTypeface();
		return (typeface instanceof MultiByteFont font) ? font.hasCodePoint(codePoint)
				: typeface.hasChar((char) codePoint);
	}

	private PhysicalFont face(Face face) {
		return this.faces.computeIfAbsent(face, BundledFonts::load);
	}

	private static PhysicalFont load(Face face) {
		String resource = face.family().resource(face.bold(), face.italic());
		List<PhysicalFont> fonts = PhysicalFonts.getPhysicalFont(null, ConversionResources.fontUri(resource), RESOLVER);
		if (fonts == null || fonts.size() != 1) {
			throw new IllegalStateException("The bundled font " + resource + " cannot be read");
		}
		PhysicalFont font = fonts.get(0);
		font.setName(face.family().familyName());
		return font;
	}

	private record Face(FontFamily family, boolean bold, boolean italic) {
	}

}

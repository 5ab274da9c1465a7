package dev.backgroundjobs.sample.conversion;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A font family that comes with the build, and the fonts of Word it stands in for.
 */
enum FontFamily {

	CARLITO("Carlito", "fonts/Carlito/Carlito-", "calibri|carlito|candara|corbel"),

	CALADEA("Caladea", "fonts/Caladea/Caladea-", "cambria|caladea|constantia"),

	TINOS("Tinos", "fonts/Tinos/Tinos-",
			"times|tinos|georgia|garamond|palatino|book|roman|century|mincho|liberation serif"),

	COUSINE("Cousine", "fonts/Cousine/Cousine-",
			"courier|cousine|mono|consolas|lucida console|menlo|monaco|typewriter"),

	ARIMO("Arimo", "fonts/Arimo/static/Arimo-", "arial|arimo|helvetica"),

	DEJAVU_SERIF("DejaVu Serif", "fonts-symbol/dejavu-fonts-ttf-2.37/DejaVuSerif", "dejavu serif|^symbol$"),

	NOTO_SANS_SYMBOLS("Noto Sans Symbols", "fonts-symbol/Noto_Sans_Symbols/NotoSansSymbols-",
			"noto sans symbols regular"),

	NOTO_SANS_SYMBOLS_2("Noto Sans Symbols 2", "fonts-symbol/Noto_Sans_Symbols_2/NotoSansSymbols2-",
			"noto sans symbols 2|wingdings|webdings|segoe ui symbol|segoe ui emoji");

	private final String familyName;

	private final String path;

	private final Pattern standsInFor;

	FontFamily(String familyName, String path, String standsInFor) {
		this.familyName = familyName;
		this.path = path;
		this.standsInFor = Pattern.compile(standsInFor);
	}

	/**
	 * Find the family that looks most like a font of Word.
	 * @param fontName the font's name in the document, in any case
	 * @return the family, {@link #ARIMO} for an unknown name
	 */
	static FontFamily of(String fontName) {
		String name = fontName.toLowerCase(Locale.ROOT);
		for (FontFamily family : values()) {
			if (name.equals(family.familyName.toLowerCase(Locale.ROOT))) {
				return family;
			}
		}
		for (FontFamily family : values()) {
			if (family.standsInFor.matcher(name).find()) {
				return family;
			}
		}
		return ARIMO;
	}

	String familyName() {
		return this.familyName;
	}

	/**
	 * Return where the font file of a style is on the class path.
	 * @param bold whether the bold one
	 * @param italic whether the italic one
	 * @return the resource; the nearest style where the family has not all four
	 */
	String resource(boolean bold, boolean italic) {
		String style = (bold ? "Bold" : "") + (italic ? "Italic" : "");
		return switch (this) {
			case DEJAVU_SERIF -> this.path + (style.isEmpty() ? "" : "-" + style) + ".ttf";
			case NOTO_SANS_SYMBOLS -> this.path + (bold ? "Bold" : "Regular") + ".ttf";
			case NOTO_SANS_SYMBOLS_2 -> this.path + "Regular.ttf";
			default -> this.path + (style.isEmpty() ? "Regular" : style) + ".ttf";
		};
	}

	/**
	 * Return the families to look through for a character, this one first.
	 * @return the families, in the order to try
	 */
	List<FontFamily> andItsSubstitutes() {
		FontFamily similar = (this == CALADEA || this == TINOS || this == DEJAVU_SERIF) ? TINOS : ARIMO;
		return List.of(this, similar, DEJAVU_SERIF, NOTO_SANS_SYMBOLS, NOTO_SANS_SYMBOLS_2);
	}

}

package dev.backgroundjobs.sample.conversion;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Counts what the XML of a document holds, over all its parts, and stops at limits that
 * keep the layout within minutes and the memory of a small machine.
 */
class XmlLimits extends DefaultHandler {

	// A page has 50 to 500 elements, and laying out each takes about 10 KB of memory.
	static final int MAX_ELEMENTS = 150_000;

	// Word nests tables, content controls and text boxes some dozen levels deep; docx4j's
	// own
	// parser stops at 200 on JDK 24 and later.
	static final int MAX_DEPTH = 150;

	// Word has at most 63 columns; a cell that spans millions would have them all laid
	// out.
	static final int MAX_SPAN = 1_000;

	private static final Set<String> SPANS = Set.of("gridSpan", "gridBefore", "gridAfter");

	// Elements, and contents of drawings, that docx4j leaves out.
	private static final Map<String, String> NOT_DRAWN = Map.of("oMath", "formula", "altChunk", "inserted file",
			"http://schemas.openxmlformats.org/drawingml/2006/chart", "chart",
			"http://schemas.openxmlformats.org/drawingml/2006/diagram", "diagram");

	private final Map<String, Integer> notDrawn = new TreeMap<>();

	private boolean contentTypes;

	private int depth;

	private int elements;

	/**
	 * Start with the next part; only the number of elements is added up.
	 * @param contentTypes whether it is the one that says what type the other parts have
	 */
	void nextPart(boolean contentTypes) {
		this.contentTypes = contentTypes;
		this.depth = 0;
	}

	/**
	 * Return what the document holds that is not drawn.
	 * @return one sentence for each kind
	 */
	List<String> warnings() {
		return this.notDrawn.entrySet()
			.stream()
			.map((entry) -> entry.getValue() + " " + entry.getKey()
					+ ((entry.getValue() == 1) ? " is missing in the PDF" : "s are missing in the PDF"))
			.toList();
	}

	@Override
	public void startElement(String uri, String localName, String qName, Attributes attributes) throws SAXException {
		if (++this.depth > MAX_DEPTH) {
			throw new ExceededException("its contents are nested deeper than " + MAX_DEPTH + " levels");
		}
		if (++this.elements > MAX_ELEMENTS) {
			throw new ExceededException("it has more than " + MAX_ELEMENTS + " pieces of text and layout");
		}
		if (SPANS.contains(localName)) {
			checkSpan(attributes);
		}
		String drawing = NOT_DRAWN
			.get(localName.equals("graphicData") ? String.valueOf(attributes.getValue("uri")) : localName);
		if (drawing != null) {
			this.notDrawn.merge(drawing, 1, Integer::sum);
		}
		if (this.contentTypes) {
			checkContentType(attributes);
		}
	}

	@Override
	public void endElement(String uri, String localName, String qName) {
		this.depth--;
	}

	private void checkSpan(Attributes attributes) throws ExceededException {
		for (int i = 0; i < attributes.getLength(); i++) {
			String value = attributes.getValue(i).strip();
			if (!value.matches("\\d{1,4}") || Integer.parseInt(value) > MAX_SPAN) {
				throw new ExceededException("a table cell spans more than " + MAX_SPAN + " columns");
			}
		}
	}

	private void checkContentType(Attributes attributes) throws ExceededException {
		String type = String.valueOf(attributes.getValue("ContentType")).toLowerCase(Locale.ROOT);
		String partName = attributes.getValue("PartName");
		if (partName == null) {
			partName = "." + attributes.getValue("Extension");
		}
		boolean parsed = type.endsWith("/xml")
				|| (type.endsWith("+xml") && !type.startsWith("image/") && !type.equals("application/xhtml+xml"));
		if (parsed && !DocxInspector.isXml(partName)) {
			throw new ExceededException("its part " + partName + " is XML under another name");
		}
	}

	static class ExceededException extends SAXException {

		ExceededException(String message) {
			super(message);
		}

	}

}

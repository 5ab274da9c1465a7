package dev.backgroundjobs.sample.conversion;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.docx4j.model.structure.PageDimensions;
import org.docx4j.model.structure.SectionWrapper;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.XMLReader;
import org.xml.sax.helpers.AttributesImpl;
import org.xml.sax.helpers.DefaultHandler;
import org.xml.sax.helpers.XMLFilterImpl;

/**
 * Makes room on each page for its header and footer, whose height only a layout can tell:
 * {@link #measuring} leaves of an XSL-FO document just those, {@link #measured} reads
 * their heights from the area tree of that, {@link #applying} writes them into the real
 * document. docx4j would do the same, but would open linked images on the way.
 */
class PageMargins {

	private static final String FO = "http://www.w3.org/1999/XSL/Format";

	private static final float TWIPS_PER_POINT = 20;

	private final List<SectionWrapper> sections;

	private final Map<String, Float> headers = new HashMap<>();

	private final Map<String, Float> footers = new HashMap<>();

	PageMargins(List<SectionWrapper> sections) {
		this.sections = sections;
	}

	/**
	 * Return a filter that leaves of a document its headers and footers, on pages with
	 * room for any, with at least a first, an even and an odd one for each section.
	 */
	XMLFilterImpl measuring(XMLReader parent) {
		return new XMLFilterImpl(parent) {

			private int insideFlow;

			@Override
			public void startElement(String uri, String localName, String qName, Attributes attributes)
					throws SAXException {
				if (this.insideFlow > 0) {
					this.insideFlow++;
					return;
				}
				super.startElement(uri, localName, qName, switch (localName) {
					case "simple-page-master" -> with(attributes, "page-height", "9000pt");
					case "region-body" -> with(with(attributes, "margin-top", "4000pt"), "margin-bottom", "4000pt");
					case "region-before", "region-after" -> with(attributes, "extent", "4000pt");
					default -> attributes;
				});
				if (localName.equals("flow")) {
					this.insideFlow = 1;
					for (int page = 0; page < 3; page++) {
						super.startElement(FO, "block", "fo:block", with(new AttributesImpl(), "break-after", "page"));
						super.characters(new char[] { 'x' }, 0, 1);
						super.endElement(FO, "block", "fo:block");
					}
				}
			}

			@Override
			public void endElement(String uri, String localName, String qName) throws SAXException {
				if (this.insideFlow > 1) {
					this.insideFlow--;
					return;
				}
				this.insideFlow = 0;
				super.endElement(uri, localName, qName);
			}

			@Override
			public void characters(char[] characters, int start, int length) throws SAXException {
				if (this.insideFlow == 0) {
					super.characters(characters, start, length);
				}
			}

		};
	}

	/**
	 * Return a handler that reads the heights from an area tree.
	 */
	DefaultHandler measured() {
		return new DefaultHandler() {

			private String master = "";

			private @Nullable Map<String, Float> region;

			private int depth;

			@Override
			public void startElement(String uri, String localName, String qName, Attributes attributes) {
				switch (localName) {
					case "pageViewport" -> this.master = attributes.getValue("simple-page-master-name");
					case "regionBefore" -> start(PageMargins.this.headers);
					case "regionAfter" -> start(PageMargins.this.footers);
					default -> {
						if (this.region != null && ++this.depth == 1 && attributes.getValue("bpda") != null) {
							float points = Integer.parseInt(attributes.getValue("bpda")) / 1000f;
							this.region.merge(this.master, points, Float::sum);
						}
					}
				}
			}

			private void start(Map<String, Float> heights) {
				this.depth = 0;
				this.region = (heights.putIfAbsent(this.master, 0f) == null) ? heights : null;
			}

			@Override
			public void endElement(String uri, String localName, String qName) {
				if (localName.equals("regionBefore") || localName.equals("regionAfter")) {
					this.region = null;
				}
				else {
					this.depth--;
				}
			}

		};
	}

	/**
	 * Return a filter that writes the heights into a document.
	 */
	XMLFilterImpl applying(XMLReader parent) {
		return new XMLFilterImpl(parent) {

			private String master = "";

			@Override
			public void startElement(String uri, String localName, String qName, Attributes attributes)
					throws SAXException {
				if (localName.equals("simple-page-master")) {
					this.master = attributes.getValue("master-name");
				}
				super.startElement(uri, localName, qName, switch (localName) {
					case "region-body" -> bodyMargins(this.master, attributes);
					case "region-before" -> with(attributes, "extent", height(PageMargins.this.headers, this.master));
					case "region-after" -> with(attributes, "extent", height(PageMargins.this.footers, this.master));
					default -> attributes;
				});
			}

		};
	}

	// As Word does it: a header that is higher than the top margin pushes the text down.
	private Attributes bodyMargins(String master, Attributes attributes) {
		PageDimensions page = dimensions(master);
		Attributes changed = attributes;
		if (attributes.getValue("margin-top") != null) {
			float margin = (page.getPgMar().getTop().intValue() - page.getHeaderMargin()) / TWIPS_PER_POINT;
			changed = with(changed, "margin-top", points(Math.max(margin, this.headers.getOrDefault(master, 0f))));
		}
		if (attributes.getValue("margin-bottom") != null) {
			float margin = (page.getPgMar().getBottom().intValue() - page.getFooterMargin()) / TWIPS_PER_POINT;
			changed = with(changed, "margin-bottom", points(Math.max(margin, this.footers.getOrDefault(master, 0f))));
		}
		return changed;
	}

	// docx4j names the masters s1-default, s1-firstpage, s2-default …
	private PageDimensions dimensions(String master) {
		if (this.sections.isEmpty()) {
			return new PageDimensions();
		}
		int section = Integer.parseInt(master.substring(1, master.indexOf('-'))) - 1;
		return this.sections.get(Math.min(section, this.sections.size() - 1)).getPageDimensions();
	}

	private static String height(Map<String, Float> heights, String master) {
		return points(heights.getOrDefault(master, 0f));
	}

	private static String points(float value) {
		return value + "pt";
	}

	private static Attributes with(Attributes attributes, String name, String value) {
		AttributesImpl changed = new AttributesImpl(attributes);
		int index = changed.getIndex(name);
		if (index >= 0) {
			changed.setValue(index, value);
		}
		else {
			changed.addAttribute("", name, name, "CDATA", value);
		}
		return changed;
	}

}

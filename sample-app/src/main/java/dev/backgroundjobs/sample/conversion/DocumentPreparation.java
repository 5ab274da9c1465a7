package dev.backgroundjobs.sample.conversion;

import java.util.ArrayList;
import java.util.List;

import jakarta.xml.bind.JAXBException;
import org.docx4j.XmlUtils;
import org.docx4j.openpackaging.exceptions.Docx4JException;
import org.docx4j.openpackaging.packages.WordprocessingMLPackage;
import org.docx4j.openpackaging.parts.JaxbXmlPart;
import org.docx4j.openpackaging.parts.Part;
import org.docx4j.openpackaging.parts.WordprocessingML.EndnotesPart;
import org.docx4j.openpackaging.parts.WordprocessingML.FontTablePart;
import org.docx4j.openpackaging.parts.WordprocessingML.FooterPart;
import org.docx4j.openpackaging.parts.WordprocessingML.FootnotesPart;
import org.docx4j.openpackaging.parts.WordprocessingML.HeaderPart;
import org.docx4j.openpackaging.parts.WordprocessingML.MainDocumentPart;
import org.docx4j.wml.CTFtnEdn;
import org.docx4j.wml.STFtnEdn;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * Rewrites in a document what docx4j would leave out without a word: text boxes become
 * paragraphs, endnotes come to the end, and footnotes are numbered as docx4j looks them
 * up.
 */
final class DocumentPreparation {

	private static final String WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

	private final WordprocessingMLPackage document;

	private int textBoxes;

	private DocumentPreparation(WordprocessingMLPackage document) {
		this.document = document;
	}

	/**
	 * Rewrite a document.
	 * @param document the document
	 * @return what looks different now, in sentences for the user
	 * @throws Docx4JException when its parts do not fit together
	 */
	static List<String> prepare(WordprocessingMLPackage document) throws Docx4JException {
		DocumentPreparation preparation = new DocumentPreparation(document);
		try {
			preparation.forgetEmbeddedFonts();
			preparation.rewrite();
		}
		catch (JAXBException ex) {
			throw new Docx4JException("The document cannot be rewritten", ex);
		}
		return switch (preparation.textBoxes) {
			case 0 -> List.of();
			case 1 -> List.of("1 text box is set as ordinary paragraphs");
			default -> List.of(preparation.textBoxes + " text boxes are set as ordinary paragraphs");
		};
	}

	// A font from a stranger would be unpacked to a temporary file and parsed.
	private void forgetEmbeddedFonts() throws Docx4JException {
		FontTablePart fontTable = this.document.getMainDocumentPart().getFontTablePart();
		if (fontTable != null) {
			fontTable.getContents().getFont().forEach((font) -> {
				font.setEmbedRegular(null);
				font.setEmbedBold(null);
				font.setEmbedItalic(null);
				font.setEmbedBoldItalic(null);
			});
		}
	}

	private void rewrite() throws Docx4JException, JAXBException {
		for (Part part : List.copyOf(this.document.getParts().getParts().values())) {
			if (part instanceof HeaderPart header) {
				rewrite(header);
			}
			else if (part instanceof FooterPart footer) {
				rewrite(footer);
			}
			else if (part instanceof MainDocumentPart main) {
				rewrite(main);
			}
		}
	}

	private <E> void rewrite(JaxbXmlPart<E> part) throws Docx4JException, JAXBException {
		Document xml = XmlUtils.marshaltoW3CDomDocument(part.getContents());
		boolean changed = setTextBoxesAsParagraphs(xml);
		if (part instanceof MainDocumentPart main) {
			changed |= renumberFootnotes(xml, main.getFootnotesPart());
			changed |= appendEndnotes(xml, main.getEndNotesPart());
		}
		if (changed) {
			part.setContents(part.unmarshal(xml.getDocumentElement()));
		}
	}

	private boolean setTextBoxesAsParagraphs(Document xml) {
		NodeList boxes = xml.getElementsByTagNameNS(WORD, "txbxContent");
		boolean changed = false;
		while (boxes.getLength() > 0) {
			Node box = boxes.item(0);
			Node paragraph = ancestor(box, "p");
			Node drawing = box;
			while (drawing.getParentNode() != null && !"r".equals(drawing.getParentNode().getLocalName())) {
				drawing = drawing.getParentNode();
			}
			if (paragraph == null || drawing.getParentNode() == null) {
				box.getParentNode().removeChild(box);
				continue;
			}
			// The content may be there twice, for older readers too; the first will do.
			while (box.getLastChild() != null) {
				paragraph.getParentNode().insertBefore(box.getLastChild(), paragraph.getNextSibling());
			}
			drawing.getParentNode().removeChild(drawing);
			this.textBoxes++;
			changed = true;
		}
		return changed;
	}

	private static @Nullable Node ancestor(Node node, String name) {
		Node ancestor = node.getParentNode();
		while (ancestor != null && !(name.equals(ancestor.getLocalName()) && WORD.equals(ancestor.getNamespaceURI()))) {
			ancestor = ancestor.getParentNode();
		}
		return ancestor;
	}

	// docx4j takes the id of a footnote for its place in the list.
	private static boolean renumberFootnotes(Document xml, @Nullable FootnotesPart part) throws Docx4JException {
		List<CTFtnEdn> notes = new ArrayList<>();
		List<String> ids = new ArrayList<>();
		if (part != null) {
			for (CTFtnEdn note : part.getContents().getFootnote()) {
				if (isNote(note)) {
					notes.add(note);
					ids.add(String.valueOf(note.getId()));
				}
			}
			part.getContents().getFootnote().clear();
			part.getContents().getFootnote().addAll(notes);
		}
		boolean changed = false;
		for (Element reference : elements(xml, "footnoteReference")) {
			int index = ids.indexOf(reference.getAttributeNS(WORD, "id"));
			if (index >= 0) {
				reference.setAttributeNS(WORD, "w:id", String.valueOf(index));
			}
			else {
				reference.getParentNode().removeChild(reference);
			}
			changed = true;
		}
		return changed;
	}

	private static boolean appendEndnotes(Document xml, @Nullable EndnotesPart part) throws Docx4JException {
		if (part == null || elements(xml, "endnoteReference").isEmpty()) {
			return false;
		}
		Element body = elements(xml, "body").get(0);
		List<Element> sections = elements(xml, "sectPr");
		Element last = sections.isEmpty() ? null : sections.get(sections.size() - 1);
		Node end = (last != null && last.getParentNode() == body) ? last : null;
		int number = 1;
		for (CTFtnEdn note : part.getContents().getEndnote()) {
			if (isNote(note)) {
				Document content = XmlUtils.marshaltoW3CDomDocument(note, org.docx4j.jaxb.Context.jc, WORD, "endnote",
						CTFtnEdn.class);
				body.insertBefore(paragraph(xml, number++ + "."), end);
				for (Node child = content.getDocumentElement().getFirstChild(); child != null; child = child
					.getNextSibling()) {
					body.insertBefore(xml.importNode(child, true), end);
				}
			}
		}
		return true;
	}

	private static Element paragraph(Document xml, String text) {
		Element paragraph = xml.createElementNS(WORD, "w:p");
		Node run = paragraph.appendChild(xml.createElementNS(WORD, "w:r"));
		run.appendChild(xml.createElementNS(WORD, "w:t")).setTextContent(text);
		return paragraph;
	}

	private static boolean isNote(CTFtnEdn note) {
		return note.getType() == null || note.getType() == STFtnEdn.NORMAL;
	}

	private static List<Element> elements(Document xml, String name) {
		NodeList nodes = xml.getElementsByTagNameNS(WORD, name);
		List<Element> elements = new ArrayList<>();
		for (int i = 0; i < nodes.getLength(); i++) {
			elements.add((Element) nodes.item(i));
		}
		return elements;
	}

}

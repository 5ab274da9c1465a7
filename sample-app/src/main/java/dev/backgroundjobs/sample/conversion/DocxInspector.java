package dev.backgroundjobs.sample.conversion;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParser;
import javax.xml.parsers.SAXParserFactory;

import org.jspecify.annotations.Nullable;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

import org.springframework.util.StreamUtils;

/**
 * Looks through an uploaded file before anything else reads it: whether it is a Word
 * document at all, and whether reading it would take more than a document ever should.
 * Works in constant memory.
 */
class DocxInspector {

	// Limits for a file of at most 20 MB: photos hardly unpack, text does tenfold.
	static final long MAX_UNPACKED_BYTES = 200L * 1024 * 1024;

	static final int MAX_ENTRIES = 5_000;

	private static final String CONTENT_TYPES = "[Content_Types].xml";

	private static final byte[] ZIP = { 'P', 'K', 3, 4 };

	private static final byte[] COMPOUND_FILE = { (byte) 0xD0, (byte) 0xCF, 0x11, (byte) 0xE0 };

	/**
	 * Look through a file.
	 * @param file the file
	 * @return what it holds that cannot be drawn, in sentences for the user
	 * @throws UnreadableDocumentException when it is not a Word document, or a hostile
	 * one
	 * @throws IOException when the file cannot be read at this time
	 */
	List<String> inspect(Path file) throws UnreadableDocumentException, IOException {
		checkFirstBytes(file);
		try (ZipFile zip = new ZipFile(file.toFile())) {
			return inspect(zip);
		}
		catch (ZipException ex) {
			throw notAWordDocument("its zip archive is damaged", ex);
		}
	}

	private void checkFirstBytes(Path file) throws IOException, UnreadableDocumentException {
		byte[] start;
		try (InputStream in = Files.newInputStream(file)) {
			start = in.readNBytes(ZIP.length);
		}
		if (Arrays.equals(start, COMPOUND_FILE)) {
			throw notAWordDocument(
					"it is protected with a password, or an old .doc file; " + "save it as .docx without a password",
					null);
		}
		if (!Arrays.equals(start, ZIP)) {
			throw notAWordDocument("it is not the zip archive that every .docx file is", null);
		}
	}

	private List<String> inspect(ZipFile zip) throws IOException, UnreadableDocumentException {
		if (zip.size() > MAX_ENTRIES) {
			throw refused("it holds " + zip.size() + " files, more than the limit of " + MAX_ENTRIES);
		}
		if (zip.getEntry(CONTENT_TYPES) == null || zip.getEntry("_rels/.rels") == null) {
			throw notAWordDocument("it is a zip archive of other files", null);
		}
		UnpackedBytes unpacked = new UnpackedBytes(MAX_UNPACKED_BYTES);
		XmlLimits limits = new XmlLimits();
		Set<String> names = new HashSet<>();
		for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements();) {
			ZipEntry entry = entries.nextElement();
			checkName(entry.getName());
			if (!names.add(entry.getName().toLowerCase(Locale.ROOT))) {
				throw refused("its archive holds two files of the same name");
			}
			try (InputStream in = unpacked.count(zip.getInputStream(entry))) {
				if (isXml(entry.getName())) {
					parse(in, entry.getName(), limits);
				}
				in.transferTo(OutputStream.nullOutputStream());
			}
			catch (UnpackedBytes.TooManyException ex) {
				throw refused("it unpacks to more than " + MAX_UNPACKED_BYTES / (1024 * 1024) + " MB");
			}
		}
		return limits.warnings();
	}

	private void checkName(String name) throws UnreadableDocumentException {
		if (name.startsWith("/") || name.contains("\\") || Arrays.asList(name.split("/")).contains("..")) {
			throw refused("its archive holds a file whose name leads out of it");
		}
	}

	/**
	 * Return whether a part's name says XML. A part that is declared as XML under another
	 * name is refused when the content types are read.
	 */
	static boolean isXml(String partName) {
		String name = partName.toLowerCase(Locale.ROOT);
		return name.endsWith(".xml") || name.endsWith(".rels") || name.endsWith(".vml");
	}

	private void parse(InputStream in, String name, XmlLimits limits) throws IOException, UnreadableDocumentException {
		try {
			limits.nextPart(name.equals(CONTENT_TYPES));
			SAXParser parser = parserFactory().newSAXParser();
			// Newer JDKs stop at 100 levels and say only that the file is damaged: ours
			// counts.
			parser.setProperty("jdk.xml.maxElementDepth", "0");
			parser.parse(new InputSource(StreamUtils.nonClosing(in)), limits);
		}
		catch (XmlLimits.ExceededException ex) {
			throw refused(ex.getMessage());
		}
		catch (SAXParseException ex) {
			if (String.valueOf(ex.getMessage()).contains("DOCTYPE")) {
				throw refused("its part " + name + " has a DOCTYPE, which Word never writes");
			}
			throw notAWordDocument("its part " + name + " is damaged at line " + ex.getLineNumber(), ex);
		}
		catch (SAXException | ParserConfigurationException ex) {
			throw notAWordDocument("its part " + name + " is damaged", ex);
		}
	}

	private static SAXParserFactory parserFactory() throws ParserConfigurationException, SAXException {
		SAXParserFactory factory = SAXParserFactory.newDefaultNSInstance();
		factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
		factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
		return factory;
	}

	static UnreadableDocumentException notAWordDocument(String reason, @Nullable Throwable cause) {
		return new UnreadableDocumentException("This file is named .docx but is not a Word document: " + reason + ".",
				cause);
	}

	private static UnreadableDocumentException refused(@Nullable String reason) {
		return new UnreadableDocumentException("This document is refused for safety: " + reason + ".");
	}

}

package dev.backgroundjobs.sample.conversion;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.URI;

import org.apache.xmlgraphics.io.Resource;
import org.apache.xmlgraphics.io.ResourceResolver;

import org.springframework.core.io.ClassPathResource;

/**
 * All that a conversion may open: the bundled fonts and the document's own images.
 * Documents come from strangers, so nothing is read from the network or the file system
 * on their behalf.
 */
final class ConversionResources implements ResourceResolver {

	private static final String FONT_SCHEME = "bundled-font";

	// FOP reads past the end of a font whose last glyph is a blank, and then leaves the
	// font out of the PDF.
	private static final byte[] PADDING = new byte[16];

	private final DocumentImages images;

	ConversionResources(DocumentImages images) {
		this.images = images;
	}

	/**
	 * Return the address by which a bundled font is opened.
	 * @param classPathResource the font file on the class path
	 * @return the address
	 */
	static URI fontUri(String classPathResource) {
		return URI.create(FONT_SCHEME + ":/" + classPathResource);
	}

	@Override
	public Resource getResource(URI uri) throws IOException {
		if (FONT_SCHEME.equals(uri.getScheme()) && uri.getPath() != null) {
			InputStream font = new ClassPathResource(uri.getPath()).getInputStream();
			return new Resource(new SequenceInputStream(font, new ByteArrayInputStream(PADDING)));
		}
		byte[] image = this.images.get(uri);
		if (image != null) {
			return new Resource(new ByteArrayInputStream(image));
		}
		throw new FileNotFoundException("A conversion opens nothing outside the document: " + uri);
	}

	@Override
	public OutputStream getOutputStream(URI uri) throws IOException {
		throw new FileNotFoundException("A conversion writes nothing but its PDF: " + uri);
	}

}

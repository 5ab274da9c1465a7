package dev.backgroundjobs.sample.conversion;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

import org.docx4j.model.images.AbstractWordXmlPicture;
import org.docx4j.model.images.ConversionImageHandler;
import org.docx4j.openpackaging.parts.WordprocessingML.BinaryPart;
import org.docx4j.relationships.Relationship;
import org.jspecify.annotations.Nullable;

/**
 * Hands the images of one document to the PDF, and leaves out with a warning those that
 * cannot be drawn or should not be: another format than PNG, JPEG, GIF or BMP, too many
 * pixels, or not in the document but somewhere on the network.
 */
class DocumentImages implements ConversionImageHandler {

	// What a camera makes; decoded it takes 200 MB.
	static final long MAX_PIXELS = 50_000_000;

	private static final String NO_FORMAT = "in a format that cannot be drawn";

	private static final String SCHEME = "document-image";

	private static final String TRANSPARENT = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

	private final Map<String, byte[]> images = new HashMap<>();

	private final Set<String> missing = new HashSet<>();

	private final Map<String, Integer> reasons = new TreeMap<>();

	@Override
	public String handleImage(AbstractWordXmlPicture picture, @Nullable Relationship relationship,
			@Nullable BinaryPart part) {
		if (part == null || part.getBuffer() == null) {
			return leaveOut(String.valueOf(relationship), "linked from another place and not in the document");
		}
		URI uri = URI.create(SCHEME + ":" + part.getPartName().getURI().getRawPath());
		if (!this.images.containsKey(uri.getPath())) {
			byte[] image = part.getBytes();
			String problem = findProblem(image);
			if (problem != null) {
				return leaveOut(uri.getPath(), problem);
			}
			this.images.put(uri.getPath(), image);
		}
		return uri.toString();
	}

	/**
	 * Return an address for an image whose part docx4j could not make anything of.
	 * @param number the image's number in the document
	 * @return an address to draw nothing from
	 */
	String withoutSource(int number) {
		return leaveOut("number " + number, NO_FORMAT);
	}

	/**
	 * Return the image that was handed out under an address.
	 * @param uri the address
	 * @return the image, or {@code null} when it is not the address of an image
	 */
	byte @Nullable [] get(URI uri) {
		return SCHEME.equals(uri.getScheme()) ? this.images.get(uri.getPath()) : null;
	}

	/**
	 * Return what to tell the user about images that are missing in the PDF.
	 * @return one sentence for each reason
	 */
	Stream<String> warnings() {
		return this.reasons.entrySet()
			.stream()
			.map((entry) -> entry.getValue() + ((entry.getValue() == 1) ? " image is" : " images are")
					+ " missing in the PDF: " + entry.getKey());
	}

	private static @Nullable String findProblem(byte[] image) {
		try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(image))) {
			Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
			if (!readers.hasNext()) {
				return NO_FORMAT;
			}
			ImageReader reader = readers.next();
			try {
				reader.setInput(in, true, true);
				boolean tooLarge = (long) reader.getWidth(0) * reader.getHeight(0) > MAX_PIXELS;
				return tooLarge ? "of more than " + MAX_PIXELS / 1_000_000 + " megapixels" : null;
			}
			finally {
				reader.dispose();
			}
		}
		catch (IOException | RuntimeException ex) {
			return "damaged";
		}
	}

	private String leaveOut(String image, String reason) {
		if (this.missing.add(image)) {
			this.reasons.merge(reason, 1, Integer::sum);
		}
		return TRANSPARENT;
	}

}

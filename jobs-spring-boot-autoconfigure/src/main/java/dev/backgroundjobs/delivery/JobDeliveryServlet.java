package dev.backgroundjobs.delivery;

import jakarta.servlet.http.HttpServlet;

/**
 * Holds the endpoint's path, so that the container calls {@link JobDeliveryFilter} there:
 * filters run only for a path that a servlet is mapped to. Is never called itself.
 */
public final class JobDeliveryServlet extends HttpServlet {

	private static final long serialVersionUID = 1L;

}

package dev.backgroundjobs.kubelet;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What was asked of the API server, in the words of a Role.
 *
 * @param verb such as {@code create}
 * @param group the API group, empty for the core's
 * @param resource such as {@code jobs} or {@code pods/log}
 * @param namespace the namespace, or {@code null} for all
 * @param name the name, or {@code null} for many
 */
record ApiRequest(String verb, String group, String resource, @Nullable String namespace, @Nullable String name) {

	private static final Pattern PATH = Pattern.compile("/(?:api|apis/(?<group>[^/]+))/v1"
			+ "(?:/namespaces/(?<namespace>[^/?]+))?/(?<resource>[a-z]+)(?:/(?<name>[^/?]+))?(?:/(?<sub>[a-z]+))?(?<query>\\?.*)?");

	static @Nullable ApiRequest of(String method, String path) {
		Matcher matcher = PATH.matcher(path);
		if (!matcher.matches()) {
			return null;
		}
		String query = matcher.group("query");
		boolean isWatch = query != null && query.contains("watch=true");
		String name = matcher.group("name");
		String verb = switch (method) {
			case "POST" -> "create";
			case "PUT" -> "update";
			case "PATCH" -> "patch";
			case "DELETE" -> (name != null) ? "delete" : "deletecollection";
			default -> isWatch ? "watch" : (name != null) ? "get" : "list";
		};
		String group = matcher.group("group");
		String sub = matcher.group("sub");
		return new ApiRequest(verb, (group != null) ? group : "",
				matcher.group("resource") + ((sub != null) ? "/" + sub : ""), matcher.group("namespace"), name);
	}

	/**
	 * Return the rule that allows it, such as {@code batch/jobs:create}.
	 */
	String rule() {
		return this.group + "/" + this.resource + ":" + this.verb;
	}

}

package dev.backgroundjobs.kubelet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/**
 * The files of {@code docs/deploy/kubernetes}, as fabric8 reads them.
 */
final class DeploymentFiles {

	private static final Path DIRECTORY = Path.of("..", "docs", "deploy", "kubernetes");

	private DeploymentFiles() {
	}

	static List<HasMetadata> all() throws IOException {
		List<HasMetadata> all = new ArrayList<>();
		try (Stream<Path> files = Files.list(DIRECTORY)) {
			for (Path file : files.filter((each) -> each.toString().endsWith(".yaml")).sorted().toList()) {
				all.addAll(read(file));
			}
		}
		return all;
	}

	private static List<HasMetadata> read(Path file) throws IOException {
		List<HasMetadata> documents = new ArrayList<>();
		for (String document : Files.readString(file).split("(?m)^---$")) {
			HasMetadata read = new KubernetesSerialization().unmarshal(document);
			documents.add(read);
		}
		return documents;
	}

	static <T extends HasMetadata> List<T> of(Class<T> type) throws IOException {
		return all().stream().filter(type::isInstance).map(type::cast).toList();
	}

	/**
	 * Return what the Roles allow, as {@link ApiRequest#rule()}.
	 */
	static Set<String> rules() throws IOException {
		Set<String> rules = new TreeSet<>();
		for (Role role : of(Role.class)) {
			role.getRules().forEach((rule) -> rules.addAll(rules(rule)));
		}
		return rules;
	}

	static Set<String> rules(PolicyRule rule) {
		Set<String> rules = new TreeSet<>();
		for (String group : rule.getApiGroups()) {
			for (String resource : rule.getResources()) {
				rule.getVerbs().forEach((verb) -> rules.add(group + "/" + resource + ":" + verb));
			}
		}
		return rules;
	}

}

package dev.backgroundjobs.definition;

import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.backgroundjobs.JobMethod;
import dev.backgroundjobs.UnknownJobException;

import org.springframework.core.NativeDetector;

/**
 * Reads which method a method reference names. A reference's class stands for its place
 * in the code, so each place is read once.
 */
final class JobMethodReader {

	private final Map<Class<?>, MethodName> read = new ConcurrentHashMap<>();

	MethodName read(JobMethod reference) {
		MethodName name = this.read.get(reference.getClass());
		if (name == null) {
			name = doRead(reference);
			this.read.put(reference.getClass(), name);
		}
		return name;
	}

	private static MethodName doRead(JobMethod reference) {
		if (NativeDetector.inNativeImage()) {
			throw new UnknownJobException("A native image does not keep which method a reference names: give the job's "
					+ "name instead, as in jobs.enqueue(\"reports.generate\", request), or "
					+ "JobCall.of(\"reports.generate\", request)");
		}
		SerializedLambda lambda = serialized(reference);
		if (lambda.getCapturedArgCount() > 0) {
			throw new UnknownJobException("The reference is bound to an object, as in this::generate or "
					+ "report::generate: write the class instead, as in Reports::generate, with the arguments after it");
		}
		String method = lambda.getImplMethodName();
		if (method.startsWith("lambda$")) {
			throw new UnknownJobException("A lambda names no job: write a method reference, as in "
					+ "jobs.enqueue(Reports::generate, request), or the job's name, as in "
					+ "jobs.enqueue(\"reports.generate\", request). A varargs method counts as a lambda too");
		}
		int kind = lambda.getImplMethodKind();
		if (kind == MethodHandleInfo.REF_newInvokeSpecial) {
			throw new UnknownJobException("A constructor is no job: write a method reference, as in Reports::generate");
		}
		if (kind == MethodHandleInfo.REF_invokeStatic) {
			throw new UnknownJobException("Method '" + simpleName(lambda.getImplClass()) + "." + method
					+ "' is static, which a job cannot be: make it a method of a bean and name it by its class, as in "
					+ "Reports::generate");
		}
		ClassLoader loader = reference.getClass().getClassLoader();
		MethodType instantiated = MethodType.fromMethodDescriptorString(lambda.getInstantiatedMethodType(), loader);
		return new MethodName(instantiated.parameterType(0), method);
	}

	private static SerializedLambda serialized(JobMethod reference) {
		Class<?> type = reference.getClass();
		try {
			Method writeReplace = type.getDeclaredMethod("writeReplace");
			writeReplace.setAccessible(true);
			if (writeReplace.invoke(reference) instanceof SerializedLambda lambda) {
				return lambda;
			}
		}
		catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException
				| InaccessibleObjectException ex) {
			// Falls through: not a method reference, or one in a module that is not open.
		}
		throw new UnknownJobException("The method reference cannot be read: give the job's name instead, as in "
				+ "jobs.enqueue(\"reports.generate\", request). In a module that is not open to this library, that is the only way");
	}

	private static String simpleName(String internalName) {
		return internalName.substring(internalName.lastIndexOf('/') + 1).replace('$', '.');
	}

	/**
	 * A method as a reference names it.
	 *
	 * @param receiver the class before the colons
	 * @param method the name after them
	 */
	record MethodName(Class<?> receiver, String method) {
	}

}

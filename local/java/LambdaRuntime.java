import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/**
 * Runs a stream handler, as mParticle's Java SDK has it, the way Lambda's Java runtime does: takes
 * events from the Runtime API and posts what the handler makes of them. Started from source, with
 * the partner's jar on the class path; ends when the Runtime API does.
 */
public final class LambdaRuntime {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String api = "http://" + System.getenv("AWS_LAMBDA_RUNTIME_API")
            + "/2018-06-01/runtime/";

    public static void main(String[] arguments) throws Exception {
        new LambdaRuntime().run(arguments[0]);
    }

    private void run(String handler) throws Exception {
        Object function = null;
        Method method = null;
        try {
            String[] parts = handler.split("::", 2);
            Class<?> type = Class.forName(parts[0]);
            method = streamMethod(type, parts.length > 1 ? parts[1] : "handleRequest");
            function = type.getDeclaredConstructor().newInstance();
        } catch (Throwable error) {
            Throwable cause = error instanceof InvocationTargetException ? error.getCause() : error;
            cause.printStackTrace();
            post("init/error", described(cause));
            System.exit(1);
        }
        while (true) {
            HttpRequest next = HttpRequest.newBuilder(URI.create(api + "invocation/next")).build();
            HttpResponse<byte[]> event;
            try {
                event = client.send(next, HttpResponse.BodyHandlers.ofByteArray());
            } catch (IOException gone) {
                System.exit(0);
                return;
            }
            answer(function, method, event);
        }
    }

    private void answer(Object function, Method method, HttpResponse<byte[]> event)
            throws Exception {
        String id = event.headers().firstValue("Lambda-Runtime-Aws-Request-Id").orElseThrow();
        long deadline = event.headers().firstValueAsLong("Lambda-Runtime-Deadline-Ms").orElseThrow();
        InputStream input = new ByteArrayInputStream(event.body());
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try {
            if (method.getParameterCount() == 2) {
                method.invoke(function, input, output);
            } else {
                Class<?> contextType = method.getParameterTypes()[2];
                method.invoke(function, input, output, context(contextType, id, deadline));
            }
            post("invocation/" + id + "/response", output.toByteArray());
        } catch (InvocationTargetException error) {
            error.getCause().printStackTrace();
            post("invocation/" + id + "/error", described(error.getCause()));
        }
    }

    private static Method streamMethod(Class<?> type, String name) throws NoSuchMethodException {
        for (Method method : type.getMethods()) {
            Class<?>[] types = method.getParameterTypes();
            if (method.getName().equals(name) && !method.isBridge()
                    && (types.length == 2 || types.length == 3 && types[2].isInterface())
                    && types[0] == InputStream.class && types[1] == OutputStream.class) {
                method.setAccessible(true);
                return method;
            }
        }
        throw new NoSuchMethodException(
                type.getName() + " has no " + name + "(InputStream, OutputStream, Context)");
    }

    /** Makes AWS's Context, and the logger in it, out of whatever interface the jar brings. */
    private static Object context(Class<?> type, String id, long deadline) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
            (proxy, method, arguments) -> {
                switch (method.getName()) {
                    case "getAwsRequestId": return id;
                    case "getFunctionName": return System.getenv("AWS_LAMBDA_FUNCTION_NAME");
                    case "getFunctionVersion": return "$LATEST";
                    case "getMemoryLimitInMB":
                        return Integer.valueOf(System.getenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"));
                    case "getRemainingTimeInMillis":
                        return (int) Math.max(0, deadline - System.currentTimeMillis());
                    case "getLogger": return logger(method.getReturnType());
                    case "hashCode": return System.identityHashCode(proxy);
                    case "equals": return proxy == arguments[0];
                    case "toString": return "Context";
                    default: return null;
                }
            });
    }

    private static Object logger(Class<?> type) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
            (proxy, method, arguments) -> {
                if (method.getName().equals("log")) {
                    Object text = arguments[0];
                    System.out.println(text instanceof byte[] ? new String((byte[]) text) : text);
                }
                return null;
            });
    }

    private static byte[] described(Throwable error) {
        return ("{\"errorType\":" + quoted(error.getClass().getName())
                + ",\"errorMessage\":" + quoted(String.valueOf(error.getMessage())) + "}")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char each : text.toCharArray()) {
            if (each == '"' || each == '\\') {
                quoted.append('\\').append(each);
            } else if (each < ' ') {
                quoted.append(String.format("\\u%04x", (int) each));
            } else {
                quoted.append(each);
            }
        }
        return quoted.append('"').toString();
    }

    private void post(String path, byte[] body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(api + path))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
        try {
            client.send(request, HttpResponse.BodyHandlers.discarding());
        } catch (IOException gone) {
            System.exit(0);
        }
    }
}

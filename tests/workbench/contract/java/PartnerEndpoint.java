import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An integration in Java that registers for events, with the handler that mParticle's SDK asks for. */
public class PartnerEndpoint {
    /** What AWS hands a stream handler, as far as this one reads it. */
    public interface Context {
        String getAwsRequestId();
        int getRemainingTimeInMillis();
        Logger getLogger();
    }

    public interface Logger {
        void log(String line);
    }

    private static final String REGISTRATION = ",\"name\":\"Jar\",\"version\":\"1\","
            + "\"sdk_version\":\"3.2.0\",\"event_processing_registration\":{"
            + "\"supported_event_types\":[\"custom_event\"],"
            + "\"supported_runtime_environments\":[\"ios\"],\"max_data_age_hours\":24}";
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofMillis(300)).build();

    public void handleRequest(InputStream input, OutputStream output, Context context)
            throws IOException, InterruptedException {
        String message = new String(input.readAllBytes(), StandardCharsets.UTF_8);
        String type = field(message, "type");
        String id = field(message, "id");
        context.getLogger().log(context.getAwsRequestId() + " " + type);
        if (context.getRemainingTimeInMillis() <= 0) {
            throw new IllegalStateException("no time left");
        }
        String more = "";
        if (type.equals("module_registration_request")) {
            more = REGISTRATION;
        } else if (!type.equals("event_processing_request")) {
            throw new UnsupportedOperationException(type);
        } else if (message.contains("\"events\":[{")) {
            deliver(id);
        } else if (message.contains("\"events\":\"")) {
            throw new IllegalArgumentException("events");
        }
        output.write(("{\"type\":\"" + type.replace("_request", "_response") + "\",\"id\":\"" + id
                + "\",\"timestamp_ms\":" + System.currentTimeMillis()
                + ",\"firehose_version\":\"3.2.0\"" + more + "}").getBytes(StandardCharsets.UTF_8));
    }

    public void dies(InputStream input, OutputStream output) {
        Runtime.getRuntime().halt(3);
    }

    public void hangs(InputStream input, OutputStream output) throws InterruptedException {
        Thread.sleep(60_000);
    }

    private void deliver(String id) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(System.getenv("PARTNER_API_URL")))
                .timeout(Duration.ofMillis(800)).header("Idempotency-Key", id)
                .POST(HttpRequest.BodyPublishers.ofString("{}")).build();
        int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status >= 300) {
            throw new IOException("the service answered " + status);
        }
    }

    private static String field(String message, String name) {
        Matcher found = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(message);
        if (!found.find()) {
            throw new IllegalArgumentException(name);
        }
        return found.group(1);
    }
}

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/**
 * What a Kafka Streams application does to each record: the analytics release of
 * config/pipelines/nginx-no-ip-2024.yaml as far as a page of code can say it.
 * Deidentify BOOTSTRAP APPLICATION_ID INPUT_TOPIC OUTPUT_TOPIC STATE_FOLDER
 */
public final class Deidentify {
  private static final Pattern QUERY_VALUE = Pattern.compile("=[^&]*");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ThreadLocal<Mac> HMAC = ThreadLocal.withInitial(Deidentify::newHmac);

  private static Mac newHmac() {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(
          "a key of thirty-two bytes, kept!".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return mac;
    } catch (java.security.GeneralSecurityException error) {
      throw new IllegalStateException(error);
    }
  }

  /** "-" is what nginx writes for nothing. */
  private static String pseudonym(String value) {
    if (value.equals("-")) {
      return value;
    }
    byte[] digest = HMAC.get().doFinal(value.getBytes(StandardCharsets.UTF_8));
    return "nym_" + HexFormat.of().formatHex(digest, 0, 16);
  }

  private static byte[] transform(byte[] bytes) {
    try {
      ObjectNode record = (ObjectNode) JSON.readTree(bytes);
      for (String field : new String[] {"remote_addr", "remote_user", "device_id"}) {
        record.put(field, pseudonym(record.get(field).textValue()));
      }
      String[] elements = record.get("http_x_forwarded_for").textValue().split(", ");
      for (int i = 0; i < elements.length; ++i) {
        elements[i] = pseudonym(elements[i]);
      }
      record.put("http_x_forwarded_for", String.join(", ", elements));
      for (String field : new String[] {"request_uri", "http_referer"}) {
        record.put(field, QUERY_VALUE.matcher(record.get(field).textValue())
            .replaceAll("=REDACTED"));
      }
      record.remove("request_id");
      record.remove("upstream_addr");
      record.remove("http_cookie");
      return JSON.writeValueAsBytes(record);
    } catch (java.io.IOException error) {
      throw new IllegalStateException("not JSON");  // never the record
    }
  }

  public static void main(String[] words) throws Exception {
    Properties settings = new Properties();
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, words[0]);
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, words[1]);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, words[4]);
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    // What nymstream's stage does too: a commit each 250 ms, lz4.
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 250);
    settings.put(StreamsConfig.producerPrefix("compression.type"), "lz4");
    settings.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(words[2], Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
        .mapValues(Deidentify::transform)
        .to(words[3], Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
    KafkaStreams streams = new KafkaStreams(builder.build(), settings);
    CountDownLatch ended = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      streams.close();
      ended.countDown();
    }));
    streams.start();
    ended.await();
  }
}

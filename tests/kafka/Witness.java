// The witness of the broker tests: Kafka's own Java clients, which share no code
// with the librdkafka under test. One process for many commands, since a JVM takes
// a second to start: a command is one line of JSON on stdin, {"do": NAME, ...}; its
// answer is {"result": ...} or {"error": TEXT, "type": CLASS} on stdout, before it
// {"record": ...} for each record that was read. Bytes are base64, or null.
// broker.py is the other end; `main` lists the commands.
// Usage: Witness PROPERTIES_FILE [bootstrap.servers and security of its clients]

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

public final class Witness {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SOON = Duration.ofMillis(100);

  private final Map<String, Object> connection = new HashMap<>();
  private final Admin admin;
  private final Map<Map<String, Object>, KafkaProducer<byte[], byte[]>> producers =
      new HashMap<>();
  // Transactions that a produce command left open, by transactional id.
  private final Map<String, KafkaProducer<byte[], byte[]>> open = new HashMap<>();
  private final BufferedReader in =
      new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8), 1 << 20);
  private final PrintStream out;

  private Witness(Path properties) throws IOException {
    Properties read = new Properties();
    try (var reader = Files.newBufferedReader(properties)) {
      read.load(reader);
    }
    read.forEach((name, value) -> connection.put((String) name, value));
    // Clients log to stderr; stdout has answers only.
    out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), false,
        StandardCharsets.UTF_8);
    admin = Admin.create(with(Map.of("default.api.timeout.ms", 30000,
        "request.timeout.ms", 10000)));
  }

  public static void main(String[] arguments) throws Exception {
    Witness witness = new Witness(Path.of(arguments[0]));
    for (String line; (line = witness.in.readLine()) != null; ) {
      ObjectNode answer = JSON.createObjectNode();
      try {
        answer.set("result", JSON.valueToTree(witness.run(JSON.readTree(line))));
      } catch (Exception thrown) {
        Throwable cause = thrown instanceof ExecutionException ? thrown.getCause() : thrown;
        answer.put("error", String.valueOf(cause.getMessage()));
        answer.put("type", cause.getClass().getSimpleName());
      }
      witness.say(answer);
      witness.out.flush();
    }
  }

  private Object run(JsonNode command) throws Exception {
    switch (command.get("do").asText()) {
      case "create_topic": return createTopic(command);
      case "delete_topic": return deleteTopic(command);
      case "raise_partitions": return raisePartitions(command);
      case "alter_topic": return alterTopic(command);
      case "delete_records": return deleteRecords(command);
      case "offsets": return offsets(command);
      case "produce": return produce(command);
      case "end_transaction": return endTransaction(command);
      case "consume": return consume(command);
      case "follow": return follow(command);
      case "committed": return committed(command);
      case "set_committed": return setCommitted(command);
      case "describe_group": return describeGroup(command);
      case "transactions": return transactions();
      case "allow": return allow(command);
      default: throw new IllegalArgumentException("no such command");
    }
  }

  // --- topics ----------------------------------------------------------------

  private Object createTopic(JsonNode command) throws Exception {
    NewTopic topic = new NewTopic(command.get("topic").asText(),
        command.get("partitions").asInt(), (short) 1).configs(strings(command.get("config")));
    admin.createTopics(List.of(topic)).all().get();
    // Until every broker thread knows the topic, a client may be told it does not exist.
    while (true) {
      try {
        admin.describeTopics(List.of(topic.name())).allTopicNames().get();
        return true;
      } catch (ExecutionException failure) {
        if (!(failure.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw failure;
        }
        Thread.sleep(20);
      }
    }
  }

  private Object deleteTopic(JsonNode command) throws Exception {
    admin.deleteTopics(List.of(command.get("topic").asText())).all().get();
    return true;
  }

  private Object raisePartitions(JsonNode command) throws Exception {
    admin.createPartitions(Map.of(command.get("topic").asText(),
        NewPartitions.increaseTo(command.get("partitions").asInt()))).all().get();
    return true;
  }

  private Object alterTopic(JsonNode command) throws Exception {
    List<AlterConfigOp> changes = new ArrayList<>();
    strings(command.get("config")).forEach((name, value) -> changes.add(new AlterConfigOp(
        new ConfigEntry(name, value),
        value == null ? AlterConfigOp.OpType.DELETE : AlterConfigOp.OpType.SET)));
    admin.incrementalAlterConfigs(Map.of(
        new ConfigResource(ConfigResource.Type.TOPIC, command.get("topic").asText()), changes))
        .all().get();
    return true;
  }

  private Object deleteRecords(JsonNode command) throws Exception {
    admin.deleteRecords(Map.of(
        new TopicPartition(command.get("topic").asText(), command.get("partition").asInt()),
        RecordsToDelete.beforeOffset(command.get("before").asLong()))).all().get();
    return true;
  }

  private Object offsets(JsonNode command) throws Exception {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(command)) {
      Set<TopicPartition> partitions = partitions(command.get("topics"));
      return byTopic(command.get("end").asBoolean()
          ? consumer.endOffsets(partitions) : consumer.beginningOffsets(partitions));
    }
  }

  // --- records ---------------------------------------------------------------

  private Object produce(JsonNode command) throws Exception {
    Map<String, Object> config = new HashMap<>(strings(command.get("config")));
    String id = text(command.get("transactional_id"));
    KafkaProducer<byte[], byte[]> producer;
    if (id == null) {
      producer = producers.computeIfAbsent(config, this::producer);
      return send(producer, command);
    }
    config.put("transactional.id", id);
    producer = producer(config);
    try {
      producer.initTransactions();
      producer.beginTransaction();
      Object sent = send(producer, command);
      if (command.get("end").asText().equals("open")) {
        producer.flush();
        open.put(id, producer);
        producer = null;
      } else {
        end(producer, command.get("end").asText());
      }
      return sent;
    } finally {
      if (producer != null) {
        producer.close(Duration.ZERO);
      }
    }
  }

  private Object endTransaction(JsonNode command) {
    try (KafkaProducer<byte[], byte[]> producer =
        open.remove(command.get("transactional_id").asText())) {
      end(producer, command.get("end").asText());
      return true;
    }
  }

  private static void end(KafkaProducer<byte[], byte[]> producer, String how) {
    if (how.equals("commit")) {
      producer.commitTransaction();
    } else {
      producer.flush();  // so that the aborted records are in the log
      producer.abortTransaction();
    }
  }

  private Object send(KafkaProducer<byte[], byte[]> producer, JsonNode command)
      throws Exception {
    String topic = command.get("topic").asText();
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (JsonNode record : command.get("records")) {
      List<Header> headers = new ArrayList<>();
      for (JsonNode header : record.path("headers")) {
        headers.add(new RecordHeader(header.get(0).asText(), bytes(header.get(1))));
      }
      JsonNode partition = record.get("partition");
      JsonNode timestamp = record.get("timestamp");
      sent.add(producer.send(new ProducerRecord<>(topic,
          partition == null ? null : partition.intValue(),
          timestamp == null ? null : timestamp.longValue(),
          bytes(record.get("key")), bytes(record.get("value")), headers)));
    }
    producer.flush();
    ArrayNode places = JSON.createArrayNode();
    for (Future<RecordMetadata> one : sent) {
      RecordMetadata place = one.get();
      places.addArray().add(place.partition()).add(place.offset());
    }
    return places;
  }

  // Every record of the topics up to where they ended when the command came.
  private Object consume(JsonNode command) throws Exception {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(command)) {
      Set<TopicPartition> partitions = partitions(command.get("topics"));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      for (JsonNode from : command.path("from")) {
        consumer.seek(new TopicPartition(from.get(0).asText(), from.get(1).asInt()),
            from.get(2).asLong());
      }
      return readToEnd(consumer, partitions);
    }
  }

  // As they come, until the next line on stdin; then up to the end.
  private Object follow(JsonNode command) throws Exception {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(command)) {
      Set<TopicPartition> partitions = new HashSet<>();
      for (long look = System.nanoTime(); !in.ready(); out.flush()) {
        if (System.nanoTime() - look >= 0) {
          assignNew(consumer, command.get("topics"), partitions);
          look += 1_000_000_000L;
        }
        read(consumer);
      }
      in.readLine();
      assignNew(consumer, command.get("topics"), partitions);
      return readToEnd(consumer, partitions);
    }
  }

  private void assignNew(KafkaConsumer<byte[], byte[]> consumer, JsonNode topics,
      Set<TopicPartition> known) throws Exception {
    Set<TopicPartition> added = partitions(topics);
    added.removeAll(known);
    if (!added.isEmpty()) {  // an empty set would mean all of them to the seek
      known.addAll(added);
      consumer.assign(known);
      consumer.seekToBeginning(added);
    }
  }

  private long readToEnd(KafkaConsumer<byte[], byte[]> consumer,
      Set<TopicPartition> partitions) {
    long count = 0;
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    for (var end : ends.entrySet()) {
      while (consumer.position(end.getKey()) < end.getValue()) {
        count += read(consumer);
      }
    }
    return count;
  }

  private int read(KafkaConsumer<byte[], byte[]> consumer) {
    int count = 0;
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(SOON)) {
      ObjectNode one = JSON.createObjectNode();
      one.put("topic", record.topic()).put("partition", record.partition());
      one.put("offset", record.offset()).put("timestamp", record.timestamp());
      one.put("key", base64(record.key())).put("value", base64(record.value()));
      ArrayNode headers = one.putArray("headers");
      for (Header header : record.headers()) {
        headers.addArray().add(header.key()).add(base64(header.value()));
      }
      say(JSON.createObjectNode().set("record", one));
      ++count;
    }
    return count;
  }

  // --- groups, transactions, access --------------------------------------------

  private Object committed(JsonNode command) throws Exception {
    String group = command.get("group").asText();
    Map<TopicPartition, Long> offsets = new HashMap<>();
    admin.listConsumerGroupOffsets(Map.of(group, new ListConsumerGroupOffsetsSpec()),
        new ListConsumerGroupOffsetsOptions().requireStable(command.get("stable").asBoolean()))
        .partitionsToOffsetAndMetadata(group).get()
        .forEach((partition, offset) -> {
          if (offset != null) {
            offsets.put(partition, offset.offset());
          }
        });
    return byTopic(offsets);
  }

  private Object setCommitted(JsonNode command) throws Exception {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (JsonNode one : command.get("offsets")) {
      offsets.put(new TopicPartition(one.get(0).asText(), one.get(1).asInt()),
          new OffsetAndMetadata(one.get(2).asLong()));
    }
    admin.alterConsumerGroupOffsets(command.get("group").asText(), offsets).all().get();
    return true;
  }

  @SuppressWarnings("deprecation")  // 3.9 has no groupState()
  private Object describeGroup(JsonNode command) throws Exception {
    String group = command.get("group").asText();
    var described = admin.describeConsumerGroups(List.of(group)).all().get().get(group);
    ObjectNode answer = JSON.createObjectNode();
    answer.put("state", described.state().toString());
    ArrayNode members = answer.putArray("members");
    for (MemberDescription member : described.members()) {
      ObjectNode one = members.addObject();
      one.put("id", member.consumerId()).put("client_id", member.clientId());
      one.put("instance", member.groupInstanceId().orElse(null));
      ArrayNode partitions = one.putArray("partitions");
      for (TopicPartition partition : member.assignment().topicPartitions()) {
        partitions.addArray().add(partition.topic()).add(partition.partition());
      }
    }
    return answer;
  }

  private Object transactions() throws Exception {
    Collection<TransactionListing> listed = admin.listTransactions().all().get();
    List<String> ids = new ArrayList<>();
    listed.forEach(one -> ids.add(one.transactionalId()));
    ObjectNode answer = JSON.createObjectNode();
    admin.describeTransactions(ids).all().get().forEach((id, described) -> {
      ObjectNode one = answer.putObject(id);
      one.put("state", described.state().toString());
      one.put("producer_id", described.producerId()).put("epoch", described.producerEpoch());
      one.put("timeout_ms", described.transactionTimeoutMs());
      ArrayNode partitions = one.putArray("partitions");
      for (TopicPartition partition : described.topicPartitions()) {
        partitions.addArray().add(partition.topic()).add(partition.partition());
      }
    });
    return answer;
  }

  private Object allow(JsonNode command) throws Exception {
    admin.createAcls(List.of(new AclBinding(
        new ResourcePattern(ResourceType.fromString(command.get("resource").asText()),
            command.get("name").asText(), PatternType.LITERAL),
        new AccessControlEntry("User:" + command.get("user").asText(), "*",
            AclOperation.fromString(command.get("operation").asText()),
            command.get("deny").asBoolean()
                ? AclPermissionType.DENY : AclPermissionType.ALLOW)))).all().get();
    return true;
  }

  // --- helpers -----------------------------------------------------------------

  private void say(JsonNode line) {
    out.println(line.toString());
  }

  private Map<String, Object> with(Map<String, ?> more) {
    Map<String, Object> all = new HashMap<>(connection);
    all.putAll(more);
    return all;
  }

  private KafkaProducer<byte[], byte[]> producer(Map<String, Object> config) {
    Map<String, Object> all = with(Map.of("linger.ms", 5, "delivery.timeout.ms", 30000,
        "request.timeout.ms", 10000, "max.request.size", 64 << 20));
    all.putAll(config);
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private KafkaConsumer<byte[], byte[]> consumer(JsonNode command) {
    return new KafkaConsumer<>(with(Map.of(
        "isolation.level", command.get("isolation").asText(), "enable.auto.commit", "false",
        "auto.offset.reset", "none", "default.api.timeout.ms", 30000,
        "max.poll.records", 10000)),
        new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  // Not from the consumer, which would not ask again for minutes.
  private Set<TopicPartition> partitions(JsonNode topics) throws Exception {
    List<String> names = new ArrayList<>();
    topics.forEach(topic -> names.add(topic.asText()));
    Set<TopicPartition> all = new HashSet<>();
    admin.describeTopics(names).allTopicNames().get().forEach((name, topic) -> {
      for (TopicPartitionInfo one : topic.partitions()) {
        all.add(new TopicPartition(name, one.partition()));
      }
    });
    return all;
  }

  private static Object byTopic(Map<TopicPartition, Long> offsets) {
    ArrayNode all = JSON.createArrayNode();
    offsets.forEach((partition, offset) ->
        all.addArray().add(partition.topic()).add(partition.partition()).add(offset));
    return all;
  }

  private static Map<String, String> strings(JsonNode object) {
    return JSON.convertValue(object, new TypeReference<Map<String, String>>() {});
  }

  private static String text(JsonNode node) {
    return node == null || node.isNull() ? null : node.asText();
  }

  private static byte[] bytes(JsonNode node) {
    return node == null || node.isNull() ? null : Base64.getDecoder().decode(node.asText());
  }

  private static String base64(byte[] bytes) {
    return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
  }
}

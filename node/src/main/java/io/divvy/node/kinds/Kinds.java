package io.divvy.node.kinds;

import io.divvy.job.JobKind;
import io.divvy.job.MapKind;
import io.divvy.job.Parameter;
import io.divvy.job.ReduceKind;
import io.divvy.node.input.Suggestions;
import io.divvy.node.input.UsageException;
import io.divvy.node.kinds.KindDescription.ParameterDescription;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The job kinds that a class loader offers, by name. Immutable. */
public final class Kinds {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

  // Sorted: every list of kinds that people read comes from here.
  private final SortedMap<String, JobKind> defaults;

  private Kinds(SortedMap<String, JobKind> defaults) {
    this.defaults = defaults;
  }

  /** Finds the kinds that {@code loader} and its parents offer as services. */
  public static Kinds of(ClassLoader loader) throws UsageException {
    SortedMap<String, JobKind> defaults = new TreeMap<>();
    try {
      for (JobKind kind : ServiceLoader.load(JobKind.class, loader)) {
        check(kind);
        JobKind other = defaults.putIfAbsent(kind.name(), kind);
        if (other != null) {
          throw new UsageException(
              String.format(
                  "two kinds are named '%s': %s and %s; rename one",
                  kind.name(), other.getClass().getName(), kind.getClass().getName()));
        }
      }
    } catch (ServiceConfigurationError e) {
      throw new UsageException("a job kind cannot be loaded: " + e.getMessage(), e);
    }
    return new Kinds(defaults);
  }

  private static void check(JobKind kind) throws UsageException {
    Class<?> type = kind.getClass();
    if (!type.isRecord()) {
      throw new UsageException("job kind " + type.getName() + " must be a public record");
    }
    if (!NAME.matcher(kind.name()).matches()) {
      throw new UsageException(
          String.format(
              "job kind %s must have a name of lower case letters, digits and dashes, got '%s'",
              type.getName(), kind.name()));
    }
    for (RecordComponent component : type.getRecordComponents()) {
      if (!ParameterType.isAllowed(component.getType())) {
        throw new UsageException(
            String.format(
                "parameter %s of job kind %s must be %s, got %s",
                component.getName(),
                type.getName(),
                ParameterType.ALLOWED,
                component.getType().getName()));
      }
    }
    try {
      parameters(kind);
    } catch (IllegalStateException e) {
      throw new UsageException(String.valueOf(e.getMessage()), e);
    }
  }

  /** The kind with its default parameters. */
  public JobKind find(String name) throws UsageException {
    JobKind kind = defaults.get(name);
    if (kind == null) {
      throw new UsageException(Suggestions.unknown("kind", name, defaults.keySet()));
    }
    return kind;
  }

  /** The kind with parameters as typed: {@code NAME=VALUE} each; the others keep their defaults. */
  public JobKind bind(String name, List<String> assignments) throws UsageException {
    JobKind kind = find(name);
    Map<String, String> texts = new LinkedHashMap<>();
    for (String assignment : assignments) {
      int equals = assignment.indexOf('=');
      if (equals < 1) {
        throw new UsageException(
            "'" + assignment + "' is no parameter: write NAME=VALUE" + example(kind));
      }
      String parameter = assignment.substring(0, equals);
      if (texts.put(parameter, assignment.substring(equals + 1)) != null) {
        throw new UsageException("parameter '" + parameter + "' is given twice; give it once");
      }
    }
    return with(kind, texts);
  }

  private static String example(JobKind kind) {
    return parameters(kind).entrySet().stream()
        .findFirst()
        .map(first -> ", for example " + first.getKey() + "=" + first.getValue())
        .orElse("; " + kind.name() + " has none");
  }

  /** The kind with parameters as {@link #parameters} writes them, to compute a run of others. */
  public JobKind create(String name, Map<String, String> parameters) throws UsageException {
    return with(find(name), parameters);
  }

  private static JobKind with(JobKind kind, Map<String, String> texts) throws UsageException {
    RecordComponent[] components = kind.getClass().getRecordComponents();
    List<String> known = Arrays.stream(components).map(RecordComponent::getName).toList();
    for (String name : texts.keySet()) {
      if (known.isEmpty()) {
        throw new UsageException(kind.name() + " has no parameters, got '" + name + "'");
      }
      if (!known.contains(name)) {
        throw new UsageException(Suggestions.unknown(kind.name() + " parameter", name, known));
      }
    }
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      String text = texts.get(components[i].getName());
      values[i] =
          text == null
              ? value(kind, components[i])
              : ParameterType.read(components[i].getName(), types[i], text);
    }
    JobKind bound = construct(kind, types, values);
    if (bound instanceof ReduceKind<?> reduce && reduce.block() < 1) {
      throw new UsageException(
          "job kind " + kind.name() + " must have blocks of at least 1, got " + reduce.block());
    }
    return bound;
  }

  private static JobKind construct(JobKind kind, Class<?>[] types, Object[] values)
      throws UsageException {
    try {
      return (JobKind) kind.getClass().getConstructor(types).newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw new UsageException(String.valueOf(refused.getMessage()), e);
      }
      throw new UsageException("job kind " + kind.name() + " failed: " + e.getCause(), e);
    } catch (ReflectiveOperationException e) {
      throw new UsageException(
          "job kind " + kind.getClass().getName() + " must be a public record: " + e, e);
    }
  }

  /** All parameters of a kind as text, in the order of its components. */
  public static Map<String, String> parameters(JobKind kind) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (RecordComponent component : kind.getClass().getRecordComponents()) {
      parameters.put(component.getName(), ParameterType.write(value(kind, component)));
    }
    return parameters;
  }

  private static Object value(JobKind kind, RecordComponent component) {
    String what = "parameter " + component.getName() + " of job kind " + kind.getClass().getName();
    try {
      Object value = component.getAccessor().invoke(kind);
      if (value == null) {
        throw new IllegalStateException(what + " must not be null");
      }
      return value;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(what + " cannot be read: " + e, e);
    }
  }

  /** 16 hexadecimal digits that say which code the kind has. */
  public static String fingerprint(JobKind kind) {
    return Fingerprint.of(kind);
  }

  /** The fingerprints of all kinds by name, for a node to tell. */
  public SortedMap<String, String> fingerprints() {
    SortedMap<String, String> fingerprints = new TreeMap<>();
    defaults.forEach((name, kind) -> fingerprints.put(name, fingerprint(kind)));
    return fingerprints;
  }

  /** All kinds, for people, sorted by name. */
  public List<KindDescription> describe() {
    return defaults.values().stream().map(Kinds::describe).toList();
  }

  private static KindDescription describe(JobKind kind) {
    return new KindDescription(
        kind.name(),
        kind.summary(),
        kind instanceof MapKind<?> ? "map" : "reduce",
        Arrays.stream(kind.getClass().getRecordComponents())
            .map(component -> describe(kind, component))
            .toList());
  }

  private static ParameterDescription describe(JobKind kind, RecordComponent component) {
    Parameter meaning = component.getAnnotation(Parameter.class);
    return new ParameterDescription(
        component.getName(),
        ParameterType.name(component.getType()),
        ParameterType.write(value(kind, component)),
        meaning == null ? "" : meaning.value());
  }
}

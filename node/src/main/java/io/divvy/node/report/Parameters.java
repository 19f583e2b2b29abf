package io.divvy.node.report;

import io.divvy.job.JobKind;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;

/** The parameters of a kind as JSON has them: by name, in their order, numbers as numbers. */
final class Parameters {

  private Parameters() {}

  static Map<String, Object> of(JobKind kind) {
    RecordComponent[] components = kind.getClass().getRecordComponents();
    Map<String, Object> parameters = new LinkedHashMap<>();
    if (components != null) {
      for (RecordComponent component : components) {
        parameters.put(component.getName(), json(value(component, kind)));
      }
    }
    return parameters;
  }

  private static Object value(RecordComponent component, JobKind kind) {
    try {
      return component.getAccessor().invoke(kind);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "cannot read the parameter " + component.getName() + " of " + kind.name(), e);
    }
  }

  private static Object json(Object value) {
    if (value instanceof Integer || value instanceof Long) {
      return Json.whole(((Number) value).longValue());
    }
    if (value instanceof Double number) {
      return Double.isFinite(number) ? number : number.toString();
    }
    return value instanceof Boolean ? value : value.toString();
  }
}

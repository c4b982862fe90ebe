package kv.jmx;

import java.util.Map;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanException;
import javax.management.MBeanInfo;
import javax.management.ReflectionException;

/**
 * Figures, each of which is an attribute that can be read. What a console is told if one cannot be
 * read is of the JDK's classes alone, as it has no others. Safe for use by any thread.
 */
final class FiguresBean implements DynamicMBean {
  /** Where figures come from, each time that somebody asks. */
  interface Source {
    Map<String, Object> now() throws InterruptedException;
  }

  private final Source source;
  private final MBeanInfo info;

  /** With the attributes that {@code source} has now. */
  FiguresBean(String description, Source source) throws InterruptedException {
    this.source = source;
    MBeanAttributeInfo[] attributes =
        source.now().entrySet().stream()
            .map(one -> attribute(one.getKey(), one.getValue()))
            .toArray(MBeanAttributeInfo[]::new);
    info = new MBeanInfo(getClass().getName(), description, attributes, null, null, null);
  }

  private static MBeanAttributeInfo attribute(String name, Object value) {
    return new MBeanAttributeInfo(
        name, value.getClass().getName(), name + " of INFO", true, false, false);
  }

  @Override
  public MBeanInfo getMBeanInfo() {
    return info;
  }

  @Override
  public Object getAttribute(String name) throws AttributeNotFoundException, MBeanException {
    Object value = now().get(name);
    if (value == null) throw new AttributeNotFoundException("no figure is called " + name);
    return value;
  }

  private Map<String, Object> now() throws MBeanException {
    try {
      return source.now();
    } catch (RuntimeException e) {
      throw new MBeanException(new IllegalStateException(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MBeanException(new IllegalStateException("interrupted"));
    }
  }

  /** Those that can be read; who misses one asks for that alone, and is told why. */
  @Override
  public AttributeList getAttributes(String[] names) {
    AttributeList found = new AttributeList();
    try {
      Map<String, Object> now = now();
      for (String name : names)
        if (now.containsKey(name)) found.add(new Attribute(name, now.get(name)));
    } catch (MBeanException e) {
      return found;
    }
    return found;
  }

  @Override
  public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
    throw new AttributeNotFoundException(attribute.getName() + " can be read only");
  }

  @Override
  public AttributeList setAttributes(AttributeList attributes) {
    return new AttributeList();
  }

  @Override
  public Object invoke(String action, Object[] parameters, String[] signature)
      throws ReflectionException {
    throw new ReflectionException(new NoSuchMethodException(action));
  }
}

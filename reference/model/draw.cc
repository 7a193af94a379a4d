// Writers of explanations.
#include "reference/model/draw.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "reference/model/event.h"

namespace weft::model {
namespace {

using EdgeKind = ExplainedEdge::Kind;

const char* kind_name(EdgeKind kind) {
  constexpr const char* kNames[] = {"program-order", "reads-from", "synchronises",
                                    "queue",         "tot",        "conflict"};
  return kNames[static_cast<unsigned>(kind)];
}

std::string who(int thread) {
  if (thread == kParent) return "parent";
  if (thread == kObserver) return "after the join";
  return fmt::format("thread {}", thread);
}

std::string escape_xml(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string escape_dot(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::string explanation_text(const Explanation& e) {
  std::string text = fmt::format("{} in {}: {}\n", e.allowed ? "allowed" : "forbidden",
                                 tier_name(e.tier), e.reason);
  if (!e.allowed) text += fmt::format("  axiom: {}\n", e.axiom);
  for (size_t i = 0; i < e.events.size(); ++i) {
    text += fmt::format("  e{:<3} {:<15} {}\n", i, who(e.events[i].thread), e.events[i].text);
  }
  for (const ExplainedEdge& edge : e.edges) {
    text += fmt::format("  e{} -> e{}  {}\n", edge.from, edge.to, edge.clause);
  }
  if (!e.order.empty()) {
    text += "  tot:";
    for (const unsigned i : e.order) text += fmt::format(" e{}", i);
    text += '\n';
  }
  if (!e.allowed && e.candidates > 1) {
    text += fmt::format("  the shortest of {}{} choices of sources that give these values",
                        e.complete ? "" : "more than ", e.candidates);
    if (!e.other_axioms.empty()) {
      text += "; others fail by";
      for (const std::string& axiom : e.other_axioms) text += " " + axiom;
    }
    text += '\n';
  }
  return text;
}

std::string explanation_json(const Explanation& e) {
  nlohmann::ordered_json json = {{"allowed", e.allowed},
                                 {"tier", tier_name(e.tier)},
                                 {"axiom", e.axiom},
                                 {"reason", e.reason}};
  json["events"] = nlohmann::ordered_json::array();
  for (const ExplainedEvent& event : e.events) {
    json["events"].push_back({{"thread", event.thread}, {"text", event.text}});
  }
  json["edges"] = nlohmann::ordered_json::array();
  for (const ExplainedEdge& edge : e.edges) {
    json["edges"].push_back({{"from", edge.from},
                             {"to", edge.to},
                             {"kind", kind_name(edge.kind)},
                             {"clause", edge.clause}});
  }
  json["order"] = e.order;
  json["candidates"] = e.candidates;
  json["other_axioms"] = e.other_axioms;
  json["complete"] = e.complete;
  return json.dump();
}

std::string explanation_dot(const Explanation& e, const std::string& name) {
  std::string dot =
      fmt::format("digraph \"{}\" {{\n  node [shape=box, fontname=monospace];\n", escape_dot(name));
  std::map<int, std::vector<size_t>> threads;
  for (size_t i = 0; i < e.events.size(); ++i) threads[e.events[i].thread].push_back(i);
  unsigned cluster = 0;
  for (const auto& [thread, events] : threads) {
    dot += fmt::format("  subgraph cluster_{} {{\n    label=\"{}\";\n", cluster++, who(thread));
    for (const size_t i : events) {
      dot += fmt::format("    e{} [label=\"{}\"];\n", i, escape_dot(e.events[i].text));
    }
    for (size_t k = 1; k < events.size(); ++k) {
      dot += fmt::format("    e{} -> e{} [style=dotted];\n", events[k - 1], events[k]);
    }
    dot += "  }\n";
  }
  for (const ExplainedEdge& edge : e.edges) {
    if (edge.kind == EdgeKind::program_order) continue;
    constexpr const char* kColours[] = {"black", "forestgreen", "blue", "purple", "orange", "red"};
    dot += fmt::format("  e{} -> e{} [color={}, label=\"{}\", constraint=false];\n", edge.from,
                       edge.to, kColours[static_cast<unsigned>(edge.kind)],
                       escape_dot(edge.clause.substr(0, 24)));
  }
  return dot + "}\n";
}

std::string explanation_svg(const Explanation& e, const std::string& name) {
  constexpr int kWide = 300, kHigh = 64, kBoxWide = 260, kBoxHigh = 34, kTop = 84, kLeft = 20;
  // Columns: the threads; the parent stands above them, the observer below.
  int threads = 0;
  for (const ExplainedEvent& event : e.events) threads = std::max(threads, event.thread + 1);
  std::map<int, int> rows;
  struct Spot {
    int x, y;
  };
  std::vector<Spot> spots(e.events.size());
  int parent_rows = 0, deepest = 0;
  for (const ExplainedEvent& event : e.events) parent_rows += event.thread == kParent;
  for (size_t i = 0; i < e.events.size(); ++i) {
    const int t = e.events[i].thread;
    if (t == kObserver) continue;
    const int row = t == kParent ? rows[t]++ : parent_rows + rows[t]++;
    deepest = std::max(deepest, row + 1);
    spots[i] = {kLeft + std::max(t, 0) * kWide, kTop + row * kHigh};
  }
  for (size_t i = 0; i < e.events.size(); ++i) {
    if (e.events[i].thread == kObserver) spots[i] = {kLeft, kTop + deepest++ * kHigh};
  }
  const int legend = kTop + deepest * kHigh + 20;
  const int width = std::max(kLeft + std::max(threads, 1) * kWide, 900);
  const int height = legend + 22 * static_cast<int>(e.edges.size()) + 20;
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
      "height=\"{1}\" role=\"img\" aria-label=\"{2}\">\n"
      "<style>text{{font:13px monospace;fill:#222}}rect{{fill:#f6f6f6;stroke:#888}}.t{{font-weight:"
      "bold}}path{{fill:none;stroke-width:1.8}}.program-order{{stroke:#888}}.reads-from{{stroke:"
      "#2a8a3a}}.synchronises{{stroke:#2a5ad0}}.queue{{stroke:#8a3ad0}}.tot{{stroke:#d08a1a}}"
      ".conflict{{stroke:#d02a2a;stroke-dasharray:6 "
      "3}}@media(prefers-color-scheme:dark){{text{{fill:"
      "#ddd}}rect{{fill:#262626;stroke:#777}}}}</style>\n"
      "<defs><marker id=\"a\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" "
      "markerHeight=\"7\" orient=\"auto-start-reverse\"><path d=\"M0 0L8 4L0 8z\" "
      "style=\"fill:#888\"/></marker></defs>\n",
      width, height, escape_xml(name));
  svg += fmt::format("<text class=\"t\" x=\"{}\" y=\"24\">{}: {} in {}</text>\n", kLeft,
                     escape_xml(name), e.allowed ? "allowed" : "forbidden", tier_name(e.tier));
  svg += fmt::format("<text x=\"{}\" y=\"44\">{}</text>\n", kLeft, escape_xml(e.reason));
  for (int t = 0; t < threads; ++t) {
    svg += fmt::format("<text class=\"t\" x=\"{}\" y=\"{}\">thread {}</text>\n", kLeft + t * kWide,
                       kTop + parent_rows * kHigh - 8, t);
  }
  for (size_t i = 0; i < e.events.size(); ++i) {
    std::string text = e.events[i].text;
    if (text.size() > 32) text = text.substr(0, 31) + "~";
    svg += fmt::format(
        "<g><title>{}</title><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\"/>"
        "<text x=\"{}\" y=\"{}\">{}</text></g>\n",
        escape_xml(e.events[i].text), spots[i].x, spots[i].y, kBoxWide, kBoxHigh, spots[i].x + 8,
        spots[i].y + 22, escape_xml(text));
  }
  for (size_t k = 0; k < e.edges.size(); ++k) {
    const ExplainedEdge& edge = e.edges[k];
    const Spot from = spots[edge.from], to = spots[edge.to];
    // Straight down inside a column, else a curve between the sides that face each other.
    const bool column = from.x == to.x;
    const bool right = to.x > from.x;
    const int x1 = column ? from.x + kBoxWide / 2 : from.x + (right ? kBoxWide : 0);
    const int y1 = column ? from.y + (to.y > from.y ? kBoxHigh : 0) : from.y + kBoxHigh / 2;
    const int x2 = column ? to.x + kBoxWide / 2 : to.x + (right ? 0 : kBoxWide);
    const int y2 = column ? to.y + (to.y > from.y ? 0 : kBoxHigh) : to.y + kBoxHigh / 2;
    const bool far = column && std::abs(to.y - from.y) > kHigh;
    const int bend = far ? 110 : 0, mid = (x1 + x2) / 2;
    svg +=
        fmt::format("<path class=\"{}\" marker-end=\"url(#a)\" d=\"M{} {}C{} {} {} {} {} {}\"/>\n",
                    kind_name(edge.kind), x1, y1, column ? x1 + bend : mid, y1,
                    column ? x2 + bend : mid, y2, x2, y2);
    svg += fmt::format("<text class=\"t\" x=\"{}\" y=\"{}\">{}</text>\n", mid + (far ? 85 : 4),
                       (y1 + y2) / 2 - 4, k + 1);
    svg += fmt::format("<text x=\"{}\" y=\"{}\">{}. {}</text>\n", kLeft,
                       legend + 22 * static_cast<int>(k), k + 1, escape_xml(edge.clause));
  }
  return svg + "</svg>\n";
}

}  // namespace weft::model

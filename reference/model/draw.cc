// Writers of explanations: text, JSON, DOT. The drawing is draw_svg.cc.
#include "reference/model/draw.h"

#include <map>
#include <nlohmann/json.hpp>

#include "reference/model/draw_parts.h"
#include "reference/model/event.h"

namespace weft::model {

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

namespace {

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

}  // namespace weft::model

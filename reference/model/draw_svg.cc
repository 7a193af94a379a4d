// The drawing of an explanation: threads side by side, what the parent did above them, the edges of
// the argument as numbered lines that run between the boxes and never through one, the clauses
// below. Every line is made of level and upright pieces: between two rows of boxes lies a gap with
// a lane for each line that crosses there, right of each column a channel in the same way.
#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "reference/model/draw.h"
#include "reference/model/draw_parts.h"
#include "reference/model/event.h"

namespace weft::model {
namespace {

constexpr int kBoxHigh = 32, kLeft = 16, kTop = 20, kLine = 20, kStep = 22, kNames = 16;
constexpr double kCharacter = 7.85;  // width of one, 13 px monospace
constexpr size_t kLongest = 46;      // characters of a box

std::string escape(const std::string& text) {
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

// Lines of at most `most` characters, broken at blanks where there are any.
std::vector<std::string> wrapped(const std::string& text, size_t most) {
  std::vector<std::string> lines;
  size_t at = 0;
  while (text.size() - at > most) {
    size_t blank = text.rfind(' ', at + most);
    if (blank == std::string::npos || blank <= at) blank = at + most;
    lines.push_back(text.substr(at, blank - at));
    at = blank + (text[blank] == ' ' ? 1 : 0);
  }
  lines.push_back(text.substr(at));
  return lines;
}

struct Point {
  int x, y;
};

struct Box {
  bool shown = false;
  int column = 0, row = 0, x = 0, y = 0, width = 0;
  std::string text;
  int sides[2] = {0, 0};  // lines that end at its left and right
  int exits = 0;          // lines that leave through its top or bottom beside the middle
  int middle() const { return x + width / 2; }
};

// How a line runs.
enum class Way { kDown, kChannel, kLane };
struct Route {
  Way way = Way::kDown;
  int gap = 0, lane = 0;      // kLane: the gap it crosses in, from 0
  int channel = 0, slot = 0;  // kChannel, kLane: the channel it turns in
  int from_port = 0, to_port = 0;
  int from_side = 0, to_side = 0;  // 0 left, 1 right
  int beside = 0;                  // kDown: how many ran here before
};

class Drawing {
 public:
  explicit Drawing(const Explanation& e) : e_(e), boxes_(e.events.size()) {
    place();
    route();
    measure();
  }

  std::string svg(const std::string& name) const {
    int width = kLeft;
    for (const int w : column_wide_) width += w;
    for (const int c : channels_) width += channel_wide(c);
    width = std::max(width + kLeft, 720);
    const size_t most = static_cast<size_t>((width - 2 * kLeft) / kCharacter);
    const auto reason = wrapped(e_.reason, most);
    const int shift = kTop + kLine * static_cast<int>(reason.size() + 1);
    int legend = shift + height_ + 2 * kLine;
    std::string body;
    for (int t = 0; t < columns_; ++t) {
      if (!thread_rows_) break;
      body += fmt::format("<text class=\"t\" x=\"{}\" y=\"{}\">thread {}</text>\n", column_x_[t],
                          row_y_[parent_rows_] - 8, t);
    }
    body += threads_lines();
    for (const Box& box : boxes_) {
      if (!box.shown) continue;
      body += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\"/>", box.x,
                          box.y, box.width, kBoxHigh);
      std::string text = box.text;
      if (text.size() > kLongest) text = text.substr(0, kLongest - 3) + "...";
      body += fmt::format("<text x=\"{}\" y=\"{}\">{}{}</text>\n", box.x + 8, box.y + 21,
                          text == box.text ? "" : "<title>" + escape(box.text) + "</title>",
                          escape(text));
    }
    std::string badges;
    for (size_t k = 0; k < e_.edges.size(); ++k) body += line(k, badges);
    body += badges;
    std::string clauses;
    for (size_t k = 0; k < e_.edges.size(); ++k) {
      clauses +=
          fmt::format("<text class=\"t\" x=\"{}\" y=\"{}\">{}.</text>", kLeft, legend, k + 1);
      for (const std::string& piece : wrapped(e_.edges[k].clause, most - 4)) {
        clauses +=
            fmt::format("<text x=\"{}\" y=\"{}\">{}</text>\n", kLeft + 30, legend, escape(piece));
        legend += kLine;
      }
    }
    std::string out = fmt::format(
        "<svg class=\"weft-drawing\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" "
        "width=\"{0}\" height=\"{1}\" role=\"img\">\n<title>{2}: {3} in {4}</title>\n"
        "<desc>{5}</desc>\n<style>{6}</style>\n",
        width, legend, escape(name), e_.allowed ? "allowed" : "forbidden", tier_name(e_.tier),
        escape(e_.reason), kStyle);
    out += fmt::format("<text class=\"t\" x=\"{}\" y=\"{}\">{}: {} in {}</text>\n", kLeft, kTop,
                       escape(name), e_.allowed ? "allowed" : "forbidden", tier_name(e_.tier));
    for (size_t i = 0; i < reason.size(); ++i) {
      out += fmt::format("<text x=\"{}\" y=\"{}\">{}</text>\n", kLeft,
                         kTop + kLine * static_cast<int>(i + 1), escape(reason[i]));
    }
    out += fmt::format("<g transform=\"translate(0 {})\">\n{}</g>\n", shift, body);
    return out + clauses + "</svg>\n";
  }

 private:
  static constexpr const char* kStyle =
      ".weft-drawing{--f:#1b1f24;--b:#f6f8fa;--p:#6e7781;--r:#1a7f37;--s:#0550ae;--q:#8250df;"
      "--o:#9a6700;--c:#b3261e;--w:#fff}"
      "@media(prefers-color-scheme:dark){.weft-drawing{--f:#e6edf3;--b:#161b22;--p:#9198a1;"
      "--r:#4ac26b;--s:#79c0ff;--q:#d2a8ff;--o:#e3b341;--c:#ff7b72;--w:#0d1117}}"
      ".weft-drawing text{font:13px ui-monospace,monospace;fill:var(--f)}"
      ".weft-drawing .t{font-weight:700}.weft-drawing rect{fill:var(--b);stroke:var(--p)}"
      ".weft-drawing path{fill:none;stroke-width:1.8}.weft-drawing .d{stroke:var(--p);"
      "stroke-width:1;stroke-dasharray:2 4}"
      ".weft-drawing g g path+path{fill:var(--k)}.weft-drawing g g path{stroke:var(--k)}"
      ".weft-drawing circle{fill:var(--w);stroke:var(--k)}.weft-drawing g g text{font-size:11px;"
      "text-anchor:middle}.weft-drawing .program-order{--k:var(--p)}.weft-drawing .reads-from"
      "{--k:var(--r)}.weft-drawing .synchronises{--k:var(--s)}.weft-drawing .queue{--k:var(--q)}"
      ".weft-drawing .tot{--k:var(--o)}.weft-drawing .conflict{--k:var(--c)}"
      ".weft-drawing .conflict path:first-child{stroke-dasharray:7 3}";

  static int channel_wide(int lines) { return 24 + kStep * std::max(lines, 1); }
  static int gap_high(int lanes) { return 26 + kStep * lanes; }

  // Columns and rows. Of the parent only what the argument uses is shown.
  void place() {
    std::vector<bool> used(e_.events.size());
    for (const ExplainedEdge& edge : e_.edges) used[edge.from] = used[edge.to] = true;
    for (const ExplainedEvent& event : e_.events) columns_ = std::max(columns_, event.thread + 1);
    columns_ = std::max(columns_, 1);
    column_wide_.assign(static_cast<size_t>(columns_), 90);
    std::vector<int> depth(static_cast<size_t>(columns_));
    int parents = 0, observers = 0;
    for (size_t i = 0; i < e_.events.size(); ++i) {
      Box& box = boxes_[i];
      const int t = e_.events[i].thread;
      box.text = e_.events[i].text;
      box.shown = t != kParent || used[i];
      if (!box.shown) continue;
      if (t == kParent) {
        box.column = parents % columns_, box.row = parents / columns_;
        ++parents;
      } else if (t == kObserver) {
        box.column = observers % columns_, box.row = observers / columns_;
        ++observers;
      } else {
        box.column = t, box.row = depth[static_cast<size_t>(t)]++;
      }
      const size_t shown = std::min(box.text.size(), kLongest);
      int& wide = column_wide_[static_cast<size_t>(box.column)];
      wide = std::max(wide, 16 + static_cast<int>(kCharacter * static_cast<double>(shown)));
    }
    parent_rows_ = (parents + columns_ - 1) / columns_;
    thread_rows_ = *std::max_element(depth.begin(), depth.end());
    rows_ = parent_rows_ + thread_rows_ + (observers + columns_ - 1) / columns_;
    for (size_t i = 0; i < boxes_.size(); ++i) {
      if (e_.events[i].thread == kParent) continue;
      boxes_[i].row += parent_rows_ + (e_.events[i].thread == kObserver ? thread_rows_ : 0);
    }
  }

  void route() {
    lanes_.assign(static_cast<size_t>(rows_) + 1, 0);
    channels_.assign(static_cast<size_t>(columns_), 0);
    std::map<std::pair<int, int>, int> downs;  // (column, upper row)
    for (const ExplainedEdge& edge : e_.edges) {
      Box& from = boxes_[edge.from];
      Box& to = boxes_[edge.to];
      Route r;
      const int step = to.column - from.column;
      if (step == 0 && std::abs(to.row - from.row) == 1) {
        r.beside = downs[{from.column, std::min(from.row, to.row)}]++;
      } else {
        // It ends at the side that faces where it comes from; in its own column at the right.
        r.to_side = step > 0 ? 0 : 1;
        r.channel = step > 0 ? to.column - 1 : to.column;
        r.slot = channels_[static_cast<size_t>(r.channel)]++;
        r.to_port = to.sides[r.to_side]++;
        if (std::abs(step) <= 1) {
          r.way = Way::kChannel;
          r.from_side = step < 0 ? 0 : 1;
          r.from_port = from.sides[r.from_side]++;
        } else {
          r.way = Way::kLane;
          r.gap = to.row > from.row ? from.row + 1 : from.row;
          r.lane = lanes_[static_cast<size_t>(r.gap)]++;
          r.from_port = from.exits++;
        }
      }
      routes_.push_back(r);
    }
  }

  void measure() {
    int y = 0;
    for (int row = 0; row < rows_; ++row) {
      y += gap_high(lanes_[static_cast<size_t>(row)]);
      if (row == parent_rows_) y += kNames;
      row_y_.push_back(y);
      y += kBoxHigh;
    }
    height_ = y + (lanes_.back() ? gap_high(lanes_.back()) : 8);
    int x = kLeft;
    for (int c = 0; c < columns_; ++c) {
      column_x_.push_back(x);
      x += column_wide_[static_cast<size_t>(c)];
      channel_x_.push_back(x);
      x += channel_wide(channels_[static_cast<size_t>(c)]);
    }
    for (Box& box : boxes_) {
      if (!box.shown) continue;
      box.x = column_x_[static_cast<size_t>(box.column)];
      box.width = column_wide_[static_cast<size_t>(box.column)];
      box.y = row_y_[static_cast<size_t>(box.row)];
    }
  }

  // What a thread does next, whether the argument needs it or not.
  std::string threads_lines() const {
    std::string out;
    std::map<int, const Box*> last;
    for (size_t i = 0; i < boxes_.size(); ++i) {
      const int t = e_.events[i].thread;
      if (t == kParent || t == kObserver) continue;
      if (const Box* above = last[t]) {
        out += fmt::format("<path class=\"d\" d=\"M{} {}V{}\"/>\n", above->x + 18,
                           above->y + kBoxHigh, boxes_[i].y);
      }
      last[t] = &boxes_[i];
    }
    return out;
  }

  int channel_at(const Route& r) const {
    return channel_x_[static_cast<size_t>(r.channel)] + 12 + kStep / 2 + kStep * r.slot;
  }
  static Point side(const Box& box, int side, int port) {
    return {side ? box.x + box.width : box.x,
            box.y + kBoxHigh * (port + 1) / (box.sides[side] + 1)};
  }

  std::vector<Point> points(size_t k) const {
    const Route& r = routes_[k];
    const Box& from = boxes_[e_.edges[k].from];
    const Box& to = boxes_[e_.edges[k].to];
    if (r.way == Way::kDown) {
      const int x = from.middle() + 24 * r.beside;
      if (to.row > from.row) return {{x, from.y + kBoxHigh}, {x, to.y}};
      return {{x, from.y}, {x, to.y + kBoxHigh}};
    }
    const Point end = side(to, r.to_side, r.to_port);
    const int turn = channel_at(r);
    if (r.way == Way::kChannel) {
      const Point begin = side(from, r.from_side, r.from_port);
      return {begin, {turn, begin.y}, {turn, end.y}, end};
    }
    const bool below = r.gap > from.row;
    const int lane =
        below ? from.y + kBoxHigh + 13 + kStep * r.lane + kStep / 2
              : from.y - 13 - kStep * r.lane - kStep / 2 - (from.row == parent_rows_ ? kNames : 0);
    int x = from.x + from.width * (r.from_port + 1) / (from.exits + 1);
    if (std::abs(x - from.middle()) < 10) x += 20;
    return {{x, below ? from.y + kBoxHigh : from.y}, {x, lane}, {turn, lane}, {turn, end.y}, end};
  }

  std::string line(size_t k, std::string& badges) const {
    std::vector<Point> all = points(k);
    // Pieces without length go.
    std::vector<Point> p;
    for (const Point& one : all) {
      if (p.empty() || one.x != p.back().x || one.y != p.back().y) p.push_back(one);
    }
    if (p.size() < 2) return "";
    size_t longest = 0;
    const auto length = [&](size_t i) {
      return std::abs(p[i + 1].x - p[i].x) + std::abs(p[i + 1].y - p[i].y);
    };
    for (size_t i = 1; i + 1 < p.size(); ++i) {
      if (length(i) > length(longest)) longest = i;
    }
    const Point end = p.back(), before = p[p.size() - 2];
    const int dx = (end.x > before.x) - (end.x < before.x);
    const int dy = (end.y > before.y) - (end.y < before.y);
    std::string path = fmt::format("M{} {}", p[0].x, p[0].y);
    for (size_t i = 1; i + 1 < p.size(); ++i) {
      // A rounded corner.
      const int radius = std::min({6, length(i - 1) / 2, length(i) / 2});
      const int ax = (p[i].x > p[i - 1].x) - (p[i].x < p[i - 1].x);
      const int ay = (p[i].y > p[i - 1].y) - (p[i].y < p[i - 1].y);
      const int bx = (p[i + 1].x > p[i].x) - (p[i + 1].x < p[i].x);
      const int by = (p[i + 1].y > p[i].y) - (p[i + 1].y < p[i].y);
      path += fmt::format("L{} {}Q{} {} {} {}", p[i].x - ax * radius, p[i].y - ay * radius, p[i].x,
                          p[i].y, p[i].x + bx * radius, p[i].y + by * radius);
    }
    path += fmt::format("L{} {}", end.x - 6 * dx, end.y - 6 * dy);
    const std::string head =
        fmt::format("M{} {}L{} {}L{} {}Z", end.x, end.y, end.x - 8 * dx + 4 * dy,
                    end.y - 8 * dy + 4 * dx, end.x - 8 * dx - 4 * dy, end.y - 8 * dy - 4 * dx);
    const int cx = (p[longest].x + p[longest + 1].x) / 2;
    const int cy = (p[longest].y + p[longest + 1].y) / 2;
    const char* kind = kind_name(e_.edges[k].kind);
    // Numbers stand above all lines.
    badges += fmt::format(
        "<g class=\"{}\"><circle cx=\"{}\" cy=\"{}\" r=\"8\"/><text x=\"{}\" "
        "y=\"{}\">{}</text></g>\n",
        kind, cx, cy, cx, cy + 4, k + 1);
    return fmt::format("<g class=\"{}\"><path d=\"{}\"/><path d=\"{}\"/></g>\n", kind, path, head);
  }

  const Explanation& e_;
  std::vector<Box> boxes_;
  std::vector<Route> routes_;
  std::vector<int> column_wide_, column_x_, channel_x_, row_y_, lanes_, channels_;
  int columns_ = 1, rows_ = 0, parent_rows_ = 0, thread_rows_ = 0, height_ = 0;
};

}  // namespace

std::string explanation_svg(const Explanation& explanation, const std::string& name) {
  return Drawing(explanation).svg(name);
}

}  // namespace weft::model

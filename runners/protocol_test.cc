#include "runners/protocol.h"

#include <gtest/gtest.h>

namespace weft::runners {
namespace {

TEST(Protocol, FrameComesBackAsItWasSent) {
  const std::string bytes("\0WEFT\xff{}", 9);
  FrameReader reader;
  reader.add(encode_frame({{"answer", 3}}, bytes));
  const auto frame = reader.next();
  ASSERT_TRUE(frame.has_value());
  EXPECT_EQ(frame->header["answer"], 3);
  EXPECT_EQ(frame->bytes, bytes);
  EXPECT_FALSE(reader.next().has_value());
  EXPECT_EQ(reader.take_noise(), "");
}

TEST(Protocol, LengthIsLittleEndian) {
  const std::string frame = encode_frame({{"k", std::string(300, 'x')}});
  const size_t length = frame.size() - 8;
  EXPECT_EQ(frame.substr(0, 4), "WEFT");
  EXPECT_EQ(static_cast<unsigned char>(frame[4]), length & 0xff);
  EXPECT_EQ(static_cast<unsigned char>(frame[5]), length >> 8);
  EXPECT_EQ(frame.substr(6, 2), std::string(2, '\0'));
}

TEST(Protocol, FramesArriveInAnyPieces) {
  const std::string stream = encode_frame({{"n", 1}}, "one") + encode_frame({{"n", 2}}, "two");
  for (size_t piece = 1; piece <= stream.size(); ++piece) {
    FrameReader reader;
    std::string seen;
    for (size_t at = 0; at < stream.size(); at += piece) {
      reader.add(std::string_view(stream).substr(at, piece));
      while (auto frame = reader.next()) seen += frame->bytes;
    }
    ASSERT_EQ(seen, "onetwo") << "pieces of " << piece;
  }
}

TEST(Protocol, NoiseAroundFramesIsKeptAndNothingElse) {
  FrameReader reader;
  reader.add("warning: slow\n" + encode_frame({{"n", 1}}) + "WE" + encode_frame({{"n", 2}}) +
             "bye");
  EXPECT_EQ(reader.next()->header["n"], 1);
  EXPECT_EQ(reader.next()->header["n"], 2);
  EXPECT_FALSE(reader.next().has_value());
  reader.add("!!!");
  EXPECT_FALSE(reader.next().has_value());
  EXPECT_EQ(reader.take_noise(), "warning: slow\nWEbye");
  EXPECT_EQ(reader.take_noise(), "");
}

TEST(Protocol, NoiseThatLooksLikeAFrameDoesNotHideTheNext) {
  for (const std::string& noise :
       {std::string("WEFT\xff\xff\xff\xff{}", 10), std::string("WEFT\2\0\0\0[]", 10),
        std::string("WEFT\2\0\0\0{}", 10), std::string("WEFT\0\0\0\0", 8),
        std::string("WEFT\x40\0\0\0no header", 17)}) {
    FrameReader reader;
    reader.add(noise + encode_frame({{"n", 7}}, "data"));
    const auto frame = reader.next();
    ASSERT_TRUE(frame.has_value());
    EXPECT_EQ(frame->bytes, "data");
    EXPECT_EQ(reader.take_noise(), noise);
  }
}

TEST(Protocol, TextThatIsNotUtf8IsStillSent) {
  FrameReader reader;
  reader.add(encode_frame({{"arg", "\xff\xfe"}}));
  EXPECT_TRUE(reader.next().has_value());
}

TEST(Protocol, NoiseIsLimited) {
  FrameReader reader;
  for (int i = 0; i < 100; ++i) {
    reader.add(std::string(1 << 16, 'n'));
    EXPECT_FALSE(reader.next().has_value());
  }
  EXPECT_EQ(reader.take_noise().size(), size_t{64} << 10);
}

}  // namespace
}  // namespace weft::runners

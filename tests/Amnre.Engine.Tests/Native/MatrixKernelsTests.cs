using Amnre.Engine.Native;
using TorchSharp;

namespace Amnre.Engine.Tests.Native;

public sealed class MatrixKernelsTests
{
    [Fact]
    public void The_answer_is_found_behind_the_known_code_alone()
    {
        byte[] known = [0x8b, 0x05, 0x10, 0x00, 0x00, 0x00, 0x85, 0xc0, 0x78, 0x01, 0xc3, 0x53];

        Assert.Equal(6 + 16, MatrixKernels.AnswerOffset(known));
        for (var i = 0; i < 11; i++)
        {
            if (i is >= 2 and < 6) continue;
            byte[] other = [.. known];
            other[i] ^= 1;
            Assert.Null(MatrixKernels.AnswerOffset(other));
        }

        Assert.Null(MatrixKernels.AnswerOffset(known.AsSpan(0, 10)));
    }

    /// <summary>Sizes on both sides of the kernels' blocks, against sums in double precision.</summary>
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 33, 5)]
    [InlineData(129, 257, 65)]
    [InlineData(256, 300, 48)]
    public void Products_are_right_with_the_kernels_in_use(int rows, int inner, int columns)
    {
        using var scope = torch.NewDisposeScope();
        var a = torch.arange(rows * inner).remainder(23).sub(11).to(torch.float32).view(rows, inner);
        var b = torch.arange(inner * columns).remainder(19).sub(9).to(torch.float32).view(inner, columns);

        var product = a.mm(b).data<float>().ToArray();

        // Small integers: every order of summation is exact.
        var (left, right) = (a.data<float>().ToArray(), b.data<float>().ToArray());
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++)
            {
                var sum = 0.0;
                for (var k = 0; k < inner; k++) sum += (double)left[i * inner + k] * right[k * columns + j];
                Assert.Equal((float)sum, product[i * columns + j]);
            }
    }
}

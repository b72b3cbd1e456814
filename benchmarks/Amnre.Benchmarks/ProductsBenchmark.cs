using static TorchSharp.torch;

namespace Amnre.Benchmarks;

/// <summary>Rates of matrix products of the shapes that training and evaluation have, one thread: the limit that the other rows are
/// compared with. <c>AMNRE_MATRIX_KERNELS=maker</c> shows what the library's own choice of kernels would give.</summary>
internal static class ProductsBenchmark
{
    public static IEnumerable<string> Run()
    {
        foreach (var (rows, inner, columns, of) in ((int, int, int, string)[])
        [
            (2048, 18, 256, "first layer"), (2048, 256, 256, "hidden layer"), (2048, 256, 1, "last layer"),
            (256, 2048, 256, "gradient of its weights"),
            (4096, 256, 256, "hidden layer, evaluation"), (1024, 128, 128, "hidden layer of a flow"),
            (128, 1024, 128, "gradient of its weights"),
        ])
        {
            using var scope = NewDisposeScope();
            // As autograd has it, where the inner dimension is the rows' a transposed view is the left factor.
            var (left, right) = (inner > 512 ? rand(inner, rows).t() : rand(rows, inner), inner > 512
                ? rand(inner, columns)
                : rand(columns, inner).t());
            var repeats = Math.Max(1, (int)(2e8 / ((double)rows * inner * columns)));
            var time = Measurement.Of(() =>
            {
                for (var i = 0; i < repeats; i++) left.mm(right).Dispose();
            });
            yield return $"{rows}x{inner}x{columns} ({of}): {Rate(time.Median):0.0} GFLOP/s ({Rate(time.Most):0.0} to " +
                $"{Rate(time.Least):0.0})";

            double Rate(double seconds) => 2e-9 * repeats * rows * inner * columns / seconds;
        }
    }
}

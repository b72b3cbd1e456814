using Amnre.Engine.MassTransport;
using Amnre.Engine.Randomness;
using Amnre.Engine.Tests.Golden;

namespace Amnre.Engine.Tests.MassTransport;

public sealed class ExactTransportTests
{
    private static readonly System.Text.Json.JsonElement Metrics = GoldenFile.Read("metrics.json");

    [Fact]
    public void One_dimension_is_the_area_between_the_distribution_functions()
    {
        Assert.Equal(0.5, ExactTransport.Distance([0, 1, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 1, 0, 0, 0], 1, 10), 1e-12);
        Assert.Equal(0.125, ExactTransport.Distance([0.5f, 0.5f], [0.75f, 0.25f], 1, 2), 1e-12);
        Assert.Equal(0, ExactTransport.Distance([0.5f, 0.5f], [0.5f, 0.5f], 1, 2));
        Assert.Equal(double.NaN, ExactTransport.Distance([0.5f, 0.5f], [0, 0], 1, 2));
    }

    /// <summary>Equal masses in n cells each: the best of all n! assignments.</summary>
    [Fact]
    public void Several_dimensions_are_the_best_of_all_assignments()
    {
        const int Bins = 6, Masses = 6;
        for (var example = 0ul; example < 40; example++)
        {
            var random = new CounterRandom(1, default, example);
            var dimensions = 2 + (int)(example % 2);
            var cells = Enumerable.Range(0, (int)Math.Pow(Bins, dimensions)).ToArray();
            random.Shuffle(cells.AsSpan());
            float[] p = new float[cells.Length], q = new float[cells.Length];
            for (var i = 0; i < Masses; i++) (p[cells[i]], q[cells[Masses + i]]) = (1f / Masses, 1f / Masses);

            var best = Permutations(Masses)
                .Min(order => order.Select((to, from) => Length(cells[from], cells[Masses + to], dimensions, Bins)).Sum() / Masses);
            Assert.Equal(best, ExactTransport.Distance(p, q, dimensions, Bins), 1e-7);
        }
    }

    /// <summary>Any masses: a line of cells in the plane is a one-dimensional problem, and moving all by one cell costs one cell.</summary>
    [Fact]
    public void A_line_in_the_plane_and_a_shift_have_their_closed_forms()
    {
        const int Bins = 20;
        var random = new CounterRandom(2, default, 0);
        float[] p = new float[Bins * Bins], q = new float[Bins * Bins], lineP = new float[Bins], lineQ = new float[Bins];
        for (var i = 0; i < Bins; i++)
            (p[i * Bins + 3], q[i * Bins + 3]) = (lineP[i], lineQ[i]) = (random.NextSingle(), random.NextSingle());
        Assert.Equal(ExactTransport.Distance(lineP, lineQ, 1, Bins), ExactTransport.Distance(p, q, 2, Bins), 1e-9);

        float[] here = new float[Bins * Bins], there = new float[Bins * Bins];
        for (var i = 0; i < Bins - 1; i++)
            for (var j = 0; j < Bins; j++) here[i * Bins + j] = there[(i + 1) * Bins + j] = random.NextSingle();
        Assert.Equal(1.0 / Bins, ExactTransport.Distance(here, there, 2, Bins), 1e-9);
    }

    /// <summary>What regularisation adds is never negative, and shrinks where cells are far apart beside 1/γ.</summary>
    [Fact]
    public void The_entropic_distance_is_the_exact_one_and_a_little_more()
    {
        var golden = Metrics.GetProperty("emd").GetProperty("1d4");
        float[] p = golden.GetProperty("p").Singles(), q = golden.GetProperty("q").Singles();
        var (exact, entropic) = (ExactTransport.Distance(p, q, 1, 4), EntropicTransport.Distance(p, q, 1, 4));

        Assert.InRange(entropic - exact, 0, 1e-4);
        float[] broad = [.. Enumerable.Range(0, 900).Select(i => 1f / 900)],
            slope = [.. Enumerable.Range(0, 900).Select(i => (i / 30 + i % 30) / (29f * 900))];
        Assert.InRange(EntropicTransport.Distance(broad, slope, 2, 30) - ExactTransport.Distance(broad, slope, 2, 30), -1e-3, 0.02);
    }

    private static double Length(int a, int b, int dimensions, int bins)
    {
        var squares = 0.0;
        for (var k = 0; k < dimensions; k++, a /= bins, b /= bins) squares += Math.Pow((a % bins - b % bins) / (double)bins, 2);
        return Math.Sqrt(squares);
    }

    private static IEnumerable<int[]> Permutations(int count) => count == 0
        ? [[]]
        : Permutations(count - 1)
        .SelectMany(shorter => Enumerable.Range(0, count).Select(place => (int[])[.. shorter[..place], count - 1, .. shorter[place..]]));
}

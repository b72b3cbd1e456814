using Amnre.Engine.Estimators;
using Amnre.Engine.Networks;
using Amnre.Engine.Randomness;
using Amnre.Engine.Settings;
using static TorchSharp.torch;

namespace Amnre.Engine.Tests.Estimators;

/// <summary>Where theta has three values and x has two, each expectation is a sum, and the best log ratio can be compared with the true
/// one.</summary>
public sealed class DiscreteOptimumTests
{
    private const int Thetas = 3, Xs = 2, Steps = 4000;
    private const double Rate = 2;

    /// <summary>Pairs (theta, x), each as often as it is probable: p(theta, x) is a count over 8.</summary>
    private static readonly (int Theta, int X)[] Pairs = [(0, 0), (0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1), (2, 1)];

    private static readonly double[] Truth = [.. from theta in Enumerable.Range(0, Thetas)
        from x in Enumerable.Range(0, Xs)
        let both = Pairs.Count(pair => pair == (theta, x))
        select Math.Log(8.0 * both / (Pairs.Count(pair => pair.Theta == theta) * Pairs.Count(pair => pair.X == x)))];

    public static TheoryData<Criterion, int, double> Losses { get; } = new()
    {
        { Criterion.NegativeLogLikelihood, 1, 1 },
        { Criterion.Balanced, 1, 1 },
        { Criterion.Contrastive, 1, 1 },
        { Criterion.Contrastive, 1, 0.2 },
        { Criterion.Contrastive, 2, 1 },
        { Criterion.Contrastive, 2, 10 },
        { Criterion.Contrastive, 3, 0.5 },
        { Criterion.Contrastive, 3, 5 },
        { Criterion.Multiclass, 2, 1 },
        { Criterion.Multiclass, 4, 1 },
    };

    [Theory]
    [MemberData(nameof(Losses))]
    public void The_true_ratio_leaves_no_gradient(Criterion criterion, int contrasts, double gamma)
    {
        using var scope = NewDisposeScope();
        var ratio = tensor(Truth, dtype: float64).requires_grad_(true);

        Expected(criterion, contrasts, gamma, ratio).backward();

        Assert.All(Number.ReadAll<double>(ratio.grad!), slope => Assert.Equal(0, slope, 1e-12));
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Descent_from_anywhere_ends_at_the_true_ratio(Criterion criterion, int contrasts, double gamma)
    {
        for (ulong start = 0; start < 2; start++)
        {
            var found = Descended(criterion, contrasts, gamma, start);

            // NRE-B knows a ratio up to a factor of x.
            for (var x = 0; x < Xs; x++)
            {
                var free = criterion == Criterion.Multiclass ? found[x] - Truth[x] : 0;
                for (var theta = 0; theta < Thetas; theta++)
                    Assert.Equal(Truth[theta * Xs + x], found[theta * Xs + x] - free, 2e-3);
            }
        }
    }

    /// <summary>The factor is where the descent began: the loss says nothing of it.</summary>
    [Fact]
    public void NRE_B_keeps_whatever_factor_of_x_it_began_with()
    {
        using var scope = NewDisposeScope();
        var shifted = tensor([.. Truth.Select((value, i) => value + (i % Xs == 0 ? 3 : -2))], dtype: float64).requires_grad_(true);

        var loss = Expected(Criterion.Multiclass, 3, 1, shifted);

        Assert.Equal(Number.Read<double>(Expected(Criterion.Multiclass, 3, 1, tensor(Truth, dtype: float64))), Number.Read<double>(loss),
            1e-12);
        loss.backward();
        Assert.All(Number.ReadAll<double>(shifted.grad!), slope => Assert.Equal(0, slope, 1e-12));
    }

    [Fact]
    public void A_balanced_classifier_is_sure_of_joint_and_marginal_pairs_in_equal_parts()
    {
        var found = Descended(Criterion.Balanced, 1, 1, start: 3);
        double Mean(IEnumerable<(int Theta, int X)> pairs) => pairs.Average(pair => 1 / (1 + Math.Exp(-found[pair.Theta * Xs + pair.X])));

        var joint = Mean(Pairs);
        var marginal = Mean(from one in Pairs from other in Pairs select (one.Theta, other.X));

        Assert.Equal(1, joint + marginal, 1e-4);
        Assert.True(joint > 0.5);
    }

    private static double[] Descended(Criterion criterion, int contrasts, double gamma, ulong start)
    {
        using var outer = NewDisposeScope();
        var random = new CounterRandom(start, RandomPurpose.None, 0);
        double[] begin = [.. Enumerable.Range(0, Thetas * Xs).Select(_ => 2 * random.NextDouble() - 1)];
        var ratio = tensor(begin, dtype: float64).requires_grad_(true);
        // The penalty's curvature is λ times that of the rest.
        var (rate, mean) = (criterion == Criterion.Balanced ? Rate / 10 : Rate, zeros_like(ratio));
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            Expected(criterion, contrasts, gamma, ratio).backward();
            using var off = no_grad();
            mean.mul_(0.9).add_(ratio.grad!);
            ratio.sub_(mean * rate);
            ratio.grad!.zero_();
        }

        return Number.ReadAll<double>(ratio);
    }

    /// <summary>The loss over all batches there could be: each pair with each choice of independent parameters.</summary>
    /// <param name="ratio">log r, (Thetas · Xs).</param>
    private static Tensor Expected(Criterion criterion, int contrasts, double gamma, Tensor ratio)
    {
        var others = criterion == Criterion.Multiclass ? contrasts - 1 : contrasts;
        var rows = (int)Math.Pow(Pairs.Length, 1 + others);
        var places = new long[(1 + others) * rows];
        for (var row = 0; row < rows; row++)
        {
            var (choice, x) = (row, Pairs[row % Pairs.Length].X);
            for (var one = 0; one <= others; one++, choice /= Pairs.Length)
                places[one * rows + row] = Pairs[choice % Pairs.Length].Theta * Xs + x;
        }

        var values = ratio.index_select(0, tensor(places)).view(1, 1, 1 + others, rows);
        switch (criterion)
        {
            case Criterion.Contrastive: return ContrastiveLoss.Contrastive(values, gamma).mean();
            case Criterion.Multiclass: return ContrastiveLoss.Multiclass(values).mean();
        }

        var entropy = RatioCriterion.Of(Criterion.NegativeLogLikelihood);
        var loss = (entropy(values.select(2, 0)) + entropy(values.select(2, 1).neg())).mean();
        return criterion == Criterion.Balanced
            ? loss + RatioLoss.Unbalance(values.permute(0, 2, 3, 1), rows).sum() * TrainSettings.DefaultBalance : loss;
    }
}

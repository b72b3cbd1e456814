namespace Amnre.Engine.ChainRule;

/// <summary>How fine the grids of draws by the chain rule are. Coarser ones cost effective size, never truth.</summary>
/// <param name="First">Knots of each draw's conditional where the marginal has its mass, the prior's ends included; at least 3.</param>
/// <param name="More">Knots that each round adds where the conditional has its mass.</param>
/// <param name="Rounds">Rounds of those.</param>
internal sealed record ChainRuleGrid(int First, int More, int Rounds)
{
    public static readonly ChainRuleGrid Default = new(First: 6, More: 4, Rounds: 2);

    /// <summary>For conditionals that are so much narrower than the marginals that the default misses them, as where parameters are
    /// strongly correlated.</summary>
    public static readonly ChainRuleGrid Fine = new(First: 10, More: 6, Rounds: 5);
}

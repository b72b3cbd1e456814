using Amnre.Engine.ChainRule;

namespace Amnre.Engine.Verdicts;

/// <summary>Where a true value lies within a posterior.</summary>
internal static class TruthRank
{
    /// <summary>Part of draws that count as before the truth. The truth is as likely in any place among them, and its part is made
    /// continuous by chance, so that it is exactly uniform where the posterior is right, whatever the number of draws.</summary>
    public static double Of(int before, int draws, double chance) => (before + chance) / (draws + 1);

    /// <summary>The credibility of the smallest region that holds a value.</summary>
    /// <param name="logDensity">Of the value.</param>
    public static double Credibility(MarginalPoints marginal, double logDensity)
    {
        var higher = 0;
        for (var i = 0; i < marginal.Points.Count; i++)
            if (marginal.Points[i].LogRatio + marginal.LogPrior[i] > logDensity) higher++;
        return (double)higher / marginal.Points.Count;
    }
}
